/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.Settings;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.Sockets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every step of a close may fail for want of memory, and the close comes to its end. */
final class ChannelEndTest {
    private final AtomicInteger told = new AtomicInteger();
    private final ChannelEnd.All ends = new ChannelEnd.All(() -> {});
    private final ChannelEnd end = new ChannelEnd(
            new Sockets(Io.NIO, Settings.of(NettyTransport.builder())) {
                @Override
                public boolean forget(Channel channel) {
                    ((Failing) channel).step("forget", Failure.FORGET);
                    return true;
                }

                @Override
                public void resetOnClose(Channel channel) {
                    ((Failing) channel).step("reset", Failure.RESET);
                }
            },
            told::incrementAndGet);

    /** Where memory runs out. */
    private enum Failure {
        RESET,
        FORGET,
        CLOSE,
        NOWHERE
    }

    /** A channel that has no memory for a step, three times. */
    private static final class Failing extends EmbeddedChannel {
        private final Failure failing;
        private final List<String> steps = new ArrayList<>();
        private int left = 3;
        private boolean stuck;

        Failing(Failure failing) {
            this.failing = failing;
            pipeline().addLast(closing());
        }

        void step(String name, Failure here) {
            if (failing == here && left-- > 0) {
                throw new OutOfMemoryError("on purpose");
            }
            steps.add(name);
        }

        /** What a close begins with. */
        private ChannelOutboundHandlerAdapter closing() {
            return new ChannelOutboundHandlerAdapter() {
                @Override
                public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
                    step("close", Failure.CLOSE);
                    if (!stuck) {
                        super.close(context, promise);
                    }
                }
            };
        }
    }

    private void turn(boolean beat) {
        ends.beforeIo();
        ends.turn(beat);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void aCloseWithoutMemoryForAStepIsClosedByResetAndTellsOnce(Failure failing) {
        Failing channel = new Failing(failing);

        end.begin(ends, channel, true);
        for (int i = 0; i < 10; i++) {
            turn(true);
        }

        assertFalse(channel.isOpen());
        assertEquals(1, told.get());
        assertEquals("reset", channel.steps.get(0), "closed before it was to reset");
        assertFalse(ends.due());
    }

    /** A channel remembers that it was asked, and does nothing when it is asked again. */
    @Test
    void aCloseThatGetsStuckIsForced() {
        Failing channel = new Failing(Failure.NOWHERE);
        channel.stuck = true;

        end.begin(ends, channel, false);
        for (int i = 0; i < 100; i++) {
            turn(false);
        }
        assertTrue(channel.isOpen());
        assertEquals(0, told.get());
        assertFalse(ends.due(), "the loop spins");
        for (int i = 0; i < 4; i++) {
            turn(true);
        }

        assertFalse(channel.isOpen());
        assertEquals(1, told.get());
    }

    @Test
    void eachStepThatTakesALookAtIoWaitsForIt() {
        Failing channel = new Failing(Failure.NOWHERE);

        end.begin(ends, channel, false);
        assertEquals(List.of("forget"), channel.steps);
        ends.turn(false);
        assertEquals(List.of("forget"), channel.steps, "without a look at I/O");
        turn(false);
        assertEquals(List.of("forget", "close"), channel.steps);
        assertEquals(0, told.get());
        turn(false);

        assertEquals(1, told.get());
    }

    @Test
    void whatThrowsWhenItIsToldKeepsNobodyFromBeingTold() {
        List<String> others = new ArrayList<>();
        Sockets sockets = new Sockets(Io.EPOLL, Settings.of(NettyTransport.builder()));
        for (int i = 0; i < 3; i++) {
            new ChannelEnd(sockets, () -> {
                        others.add("told");
                        throw new OutOfMemoryError("on purpose");
                    })
                    .begin(ends, null, false);
        }

        for (int i = 0; i < 5; i++) {
            turn(false);
        }

        assertEquals(List.of("told", "told", "told"), others);
    }

    @Test
    void aLoopThatEndsForcesWhatIsLeft() {
        Failing channel = new Failing(Failure.NOWHERE);
        channel.stuck = true;
        end.begin(ends, channel, true);

        ends.forceAll();

        assertFalse(channel.isOpen());
        assertEquals(1, told.get());
    }
}
