/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.assertSameBytes;
import static io.softclose.net.wire.Bytes.hex;
import static io.softclose.net.wire.Bytes.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.NetworkId;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HandshakeReaderTest {
    private static final HandshakeMsg MESSAGE =
            HandshakeMsg.v1(Set.copyOf(ProtocolId.aptosNet()), 4, NetworkId.privateNetwork("n".repeat(100)));

    private final HandshakeReader reader = new HandshakeReader(KnownProtocols.APTOS_NET);

    @Test
    void whatFollowsTheMessageIsLeft() {
        ByteBuffer data = join(MESSAGE.encode(), hex("00000010"));

        assertEquals(MESSAGE, reader.feed(data));
        assertSameBytes(hex("00000010"), data);
    }

    @Test
    void everySplitPointGivesTheMessage() {
        ByteBuffer encoded = MESSAGE.encode();

        for (int split = 0; split < encoded.limit(); split++) {
            HandshakeReader fresh = new HandshakeReader(KnownProtocols.APTOS_NET);
            assertNull(fresh.feed(encoded.duplicate().limit(split)));
            assertEquals(MESSAGE, fresh.feed(encoded.duplicate().position(split)), "split at " + split);
        }
    }

    @Test
    void oneByteAtATimeGivesTheMessage() {
        ByteBuffer encoded = Bytes.directCopyOf(MESSAGE.encode());
        int last = encoded.limit() - 1;

        for (int i = 0; i < last; i++) {
            assertNull(reader.feed(encoded.duplicate().limit(i + 1).position(i)));
        }
        assertEquals(MESSAGE, reader.feed(encoded.position(last)));
    }

    @Test
    void anEmptyMessageIsRejected() {
        assertThrows(WireException.class, () -> reader.feed(hex("0000")));
    }

    @Test
    void aMalformedMessageIsRejected() {
        assertThrows(WireException.class, () -> reader.feed(hex("0001 ff")));
        assertThrows(IllegalStateException.class, () -> reader.feed(hex("00")));
    }

    @Test
    void aSecondMessageIsNotRead() {
        reader.feed(MESSAGE.encode());

        assertThrows(IllegalStateException.class, () -> reader.feed(MESSAGE.encode()));
    }
}
