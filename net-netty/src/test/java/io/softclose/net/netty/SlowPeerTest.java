/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that reads slowly reads: its link says so long before the system would wake a writer. */
final class SlowPeerTest {
    private static final int SEND_BUFFER = 2 << 20;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    /** Linux tells of room once a third of the send buffer is free. With io_uring nobody has to ask. */
    @ParameterizedTest
    @MethodSource("kinds")
    void anAttemptToWriteShowsThatBytesLeave(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        NettyTransport.Builder settings = NettyTransport.builder().io(kind).sendBufferBytes(SEND_BUFFER);
        try (RawLink raw = RawLink.open(settings, probe, 64 * 1024)) {
            probe.fill(new byte[100_000]);
            long full = probe.call(Link::flushedBytes);
            InputStream in = raw.peer().getInputStream();
            byte[] buffer = new byte[16 * 1024];

            long read = 0;
            boolean grown = false;
            while (!grown) {
                read += in.read(buffer);
                // Read by a third, a kernel would have told by itself.
                assertTrue(read < SEND_BUFFER / 4, "nothing flushed, though the peer has read " + read + " bytes");
                grown = probe.call(link -> {
                    link.flush();
                    return link.flushedBytes() > full;
                });
                raw.turns(2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anAttemptToWriteWithNothingToWriteDoesNothing(IoKind kind) throws Exception {
        LinkProbe probe = new LinkProbe();
        try (RawLink raw = RawLink.open(kind, probe)) {
            probe.run(Link::flush);
            raw.peer().getOutputStream().write(new byte[10]);
            probe.awaitReceived(10);
            probe.run(link -> {
                link.close();
                link.flush();
            });
            probe.awaitClosed();
            probe.run(Link::flush);
        }
    }
}
