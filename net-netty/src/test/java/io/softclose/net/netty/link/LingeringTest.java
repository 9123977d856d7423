/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.RawLink;
import io.softclose.net.netty.Settings;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.NettySettings;
import io.softclose.net.netty.socket.Sockets;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lets a link linger on, each by itself: no kernel has a say. */
final class LingeringTest {
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final LinkProbe probe = new LinkProbe();
    private final Ending channel = new Ending();
    private final AtomicLong sinceSent = new AtomicLong(Sockets.NEVER);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean reset = new AtomicBoolean();
    private @Nullable Error failure;
    private final RawLink raw;

    LingeringTest() throws Exception {
        raw = RawLink.open(IoKind.NIO, probe);
    }

    @AfterEach
    void close() throws Exception {
        raw.close();
    }

    private Sockets sockets(Duration idle) {
        NettySettings settings =
                Settings.of(NettyTransport.builder().lingerTimeout(idle).lingerTime(Duration.ofMinutes(10)));
        return new Sockets(Io.EPOLL, settings) {
            @Override
            public long nanosSinceSent(Channel any) {
                asked.incrementAndGet();
                if (failure != null) {
                    throw failure;
                }
                return sinceSent.get();
            }

            @Override
            public void resetOnClose(Channel any) {
                reset.set(true);
            }
        };
    }

    private void linger(Duration idle) {
        LinkInput input = new LinkInput(raw.loop(), new Nobody());
        LinkOutput output = new LinkOutput(raw.loop(), () -> {}, failure -> {});
        channel.pipeline().addLast(input);
        new Lingering(raw.loop(), sockets(idle), channel, output, input).begin();
    }

    private boolean lingers() {
        return probe.<Boolean>call(link -> !raw.loop().links().lingering().isEmpty() && channel.isOpen());
    }

    /** A peer that is slow, and says nothing. */
    @Test
    void whatTheKernelSendsIsASignOfLife() {
        sinceSent.set(0);
        probe.run(link -> linger(Duration.ofMillis(50)));

        raw.awaitOnLoop(() -> asked.get() >= 3);
        assertTrue(lingers(), "left while the kernel sent");
        sinceSent.set(Sockets.NEVER);

        raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        assertFalse(channel.isOpen());
    }

    @Test
    void whatComesIsASignOfLife() {
        probe.run(link -> {
            long start = System.nanoTime();
            linger(IDLE);
            while (System.nanoTime() - start <= IDLE.toNanos()) {
                channel.writeInbound(Unpooled.buffer().writeByte(1));
            }
        });

        raw.awaitOnLoop(() -> asked.get() >= 1);
        assertTrue(lingers(), "left while it talked");
        raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
    }

    /** Its timer would never be set again, and the link would linger for ever. */
    @Test
    void aLinkWhoseWatchFailsIsReset() {
        failure = new OutOfMemoryError("on purpose");

        probe.run(link -> linger(Duration.ofMillis(50)));

        raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        assertFalse(channel.isOpen());
        assertTrue(reset.get(), "the peer could take it for an end");
    }

    @Test
    void aLinkThatCannotSendItsEndIsReset() {
        channel.failure = new OutOfMemoryError("on purpose");

        probe.run(link -> linger(Duration.ofMinutes(1)));

        raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        assertFalse(channel.isOpen());
        assertTrue(reset.get(), "the peer could take it for an end");
    }

    @Test
    void aLinkThatSendsItsEndWaitsForThePeers() {
        probe.run(link -> linger(Duration.ofMinutes(1)));

        raw.awaitOnLoop(channel::isOutputShutdown);
        assertTrue(lingers(), "left before the peer had read");
        probe.run(link -> channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE));

        raw.awaitOnLoop(() -> raw.loop().links().lingering().isEmpty());
        assertFalse(reset.get());
    }

    /** A channel with an end of its own output. */
    private static final class Ending extends EmbeddedChannel implements DuplexChannel {
        private @Nullable Error failure;
        private boolean ended;

        @Override
        public boolean isOutputShutdown() {
            return ended;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            return shutdownOutput(newPromise());
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            if (failure != null) {
                throw failure;
            }
            ended = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isInputShutdown() {
            return false;
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdownInput() {
            throw new AssertionError("shutdownInput");
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            throw new AssertionError("shutdownInput");
        }

        @Override
        public ChannelFuture shutdown() {
            throw new AssertionError("shutdown");
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            throw new AssertionError("shutdown");
        }
    }

    /** What is of no interest here. */
    private static final class Nobody implements LinkInput.Receiver {
        @Override
        public boolean receives() {
            return false;
        }

        @Override
        public boolean writes() {
            return false;
        }

        @Override
        public void received(ByteBuffer bytes) {}

        @Override
        public void peerEnded() {}

        @Override
        public void inputFailed(Throwable cause) {}

        @Override
        public void caughtUp() {}

        @Override
        public void discarded() {}
    }
}
