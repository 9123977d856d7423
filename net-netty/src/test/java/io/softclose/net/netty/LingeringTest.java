/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.softclose.net.testkit.LinkProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lets a link linger on, each by itself: no kernel has a say. */
final class LingeringTest {
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final LinkProbe probe = new LinkProbe();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong sinceSent = new AtomicLong(Sockets.NEVER);
    private final AtomicInteger asked = new AtomicInteger();
    private final RawLink raw;

    LingeringTest() throws Exception {
        raw = RawLink.open(IoKind.NIO, probe);
    }

    @AfterEach
    void close() throws Exception {
        raw.close();
    }

    private Sockets sockets(Duration idle) {
        NettySettings settings = NettyTransport.builder()
                .lingerTimeout(idle)
                .lingerTime(Duration.ofMinutes(10))
                .settings();
        return new Sockets(Io.EPOLL, settings) {
            @Override
            long nanosSinceSent(Channel any) {
                asked.incrementAndGet();
                return sinceSent.get();
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
        return probe.<Boolean>call(link -> !raw.loop().lingering().isEmpty() && channel.isOpen());
    }

    /** A peer that is slow, and says nothing. */
    @Test
    void whatTheKernelSendsIsASignOfLife() {
        sinceSent.set(0);
        probe.run(link -> linger(Duration.ofMillis(50)));

        raw.awaitOnLoop(() -> asked.get() >= 3);
        assertTrue(lingers(), "left while the kernel sent");
        sinceSent.set(Sockets.NEVER);

        raw.awaitOnLoop(() -> raw.loop().lingering().isEmpty());
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
        raw.awaitOnLoop(() -> raw.loop().lingering().isEmpty());
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
