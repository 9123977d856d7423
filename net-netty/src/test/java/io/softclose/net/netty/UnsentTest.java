/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A kernel that is told to hold little unsent does, whatever the size of its send buffer. */
final class UnsentTest {
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int SEND_BUFFER = 2 << 20;
    private static final int MOST_UNSENT = 16 * 1024;
    /** What Linux puts into one segment that waits, however little it may hold. */
    private static final int SEGMENT = 64 * 1024;
    /** What the peer's kernel takes, which counts more than was asked for, and what ours may hold. */
    private static final int MOST = 2 * RECEIVE_BUFFER + MOST_UNSENT + SEGMENT;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream().filter(kind -> kind != IoKind.NIO);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theKernelHoldsLittleThatItCannotSend(IoKind kind) throws Exception {
        long without = taken(kind, 0);
        assumeTrue(without > MOST, () -> "the kernel takes only " + without + " bytes anyhow");

        long with = taken(kind, MOST_UNSENT);

        assertTrue(with <= MOST, () -> "taken without a limit " + without + ", with it " + with);
    }

    /** How much the kernel takes for a peer that reads nothing. */
    private static long taken(IoKind kind, int mostUnsent) throws Exception {
        LinkProbe probe = new LinkProbe();
        NettyTransport.Builder settings = NettyTransport.builder().io(kind).sendBufferBytes(SEND_BUFFER);
        try (RawLink raw = RawLink.open(settings, probe, RECEIVE_BUFFER)) {
            if (mostUnsent > 0) {
                probe.run(link -> link.limitUnsent(mostUnsent));
            }
            long before;
            long taken = 0;
            do {
                before = taken;
                probe.fill(new byte[100_000]);
                raw.turns(4);
                taken = probe.call(Link::flushedBytes);
            } while (taken > before);
            return taken;
        }
    }
}
