/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkId;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.wire.HandshakeMsg;
import io.softclose.net.wire.HandshakeReader;
import io.softclose.net.wire.KnownProtocols;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link HandshakeReader}, with any bytes in any pieces, and what follows from them. The input is: whether the length is
 * put before the rest or is part of it, {@link Pieces}, then the stream. Whether it must be taken is decided by {@link
 * HandshakeForm}.
 */
final class HandshakeFuzz implements FuzzTarget {
    private static final int PREFIX = Short.BYTES;
    private static final byte[] WHAT_FOLLOWS = {0, 0, 0};
    private static final int BASE = 24 * 1024;
    /** Two bytes may be a version with its set of protocols, which is kept twice. */
    private static final int PER_BYTE = 300;

    private static final HandshakeMsg OURS =
            HandshakeMsg.v1(Set.of(ProtocolId.MEMPOOL_DIRECT_SEND), 4, NetworkId.validator());

    @Override
    public String name() {
        return "handshake";
    }

    @Override
    public int mutations() {
        return 30_000;
    }

    @Override
    public List<byte[]> seeds() {
        byte[] plain = WireBytes.handshake(4, 0, 0, 1, 2, 28);
        byte[] unlisted = WireBytes.handshake(4, 0, 2, 100, 255);
        byte[] named = WireBytes.privateHandshake(255, "lab".repeat(50), 2);
        byte[] twoVersions = HexFormat.of().parseHex("02" + "000120" + "010140" + "0400");
        return List.of(
                script(0).bytes(plain, WHAT_FOLLOWS).toBytes(),
                script(0, 1).bytes(unlisted).toBytes(),
                script(0, 2, 0x7f).bytes(named, plain).toBytes(),
                script(1, 3).bytes(content(plain)).toBytes(),
                script(1).bytes(content(named)).toBytes(),
                script(1, 5, 1).bytes(twoVersions).toBytes(),
                script(0, 2).u16(0xffff).bytes(content(plain)).toBytes(),
                script(0).u16(0).toBytes(),
                // A padded count, a kind of network that there is not, versions that descend, a byte too many.
                script(1).bytes(HexFormat.of().parseHex("808000" + "0400")).toBytes(),
                script(1)
                        .bytes(HexFormat.of().parseHex("01" + "000120" + "0405"))
                        .toBytes(),
                script(1)
                        .bytes(HexFormat.of().parseHex("02" + "010120" + "000120" + "0400"))
                        .toBytes(),
                script(1).bytes(content(plain), new byte[1]).toBytes());
    }

    private static FuzzScript script(int mode, int... cuts) {
        return new FuzzScript().u8(mode, 0, cuts.length).u8(cuts);
    }

    private static byte[] content(byte[] handshake) {
        return Arrays.copyOfRange(handshake, PREFIX, handshake.length);
    }

    @Override
    public void run(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        boolean framed = FuzzInput.bit(input.u8(), 0);
        Pieces pieces = new Pieces(input);
        byte[] rest = input.rest();
        byte[] stream = framed
                ? new FuzzScript().u16(rest.length).bytes(rest, WHAT_FOLLOWS).toBytes()
                : rest;

        HandshakeMsg read = read(pieces, stream);
        if (read != null) {
            negotiate(read);
        }
    }

    private static @Nullable HandshakeMsg read(Pieces pieces, byte[] stream) {
        HandshakeReader reader = new HandshakeReader(KnownProtocols.APTOS_NET);
        int end = stream.length < PREFIX ? Integer.MAX_VALUE : PREFIX + (stream[0] & 0xff) * 256 + (stream[1] & 0xff);
        Allocation allocation = new Allocation();
        HandshakeMsg[] read = new HandshakeMsg[1];
        boolean refused = false;
        int fed = 0;
        while (fed < stream.length && fed < end && !refused) {
            ByteBuffer piece = pieces.next(stream, fed);
            int arrived = fed + piece.remaining();
            try {
                allocation.of(() -> read[0] = reader.feed(piece));
            } catch (WireException malformed) {
                refused = true;
            }
            fed = Math.min(arrived, end);
            assertEquals(arrived - fed, piece.remaining(), "what follows is left");
            assertFalse((refused || read[0] != null) && fed < end, "decided before its end");
        }
        allocation.requireAtMost(BASE, PER_BYTE, fed);
        String normal = fed < end ? null : HandshakeForm.normal(Arrays.copyOfRange(stream, PREFIX, end));
        assertEquals(normal, read[0] == null ? null : bodyOf(read[0]));
        assertEquals(fed == end && normal == null, refused);
        return read[0];
    }

    private static void negotiate(HandshakeMsg peer) {
        try {
            assertEquals(Set.of(ProtocolId.MEMPOOL_DIRECT_SEND), OURS.negotiate(peer));
        } catch (HandshakeException refused) {
            assertFalse(OURS.equals(peer), "refused its like");
        }
    }

    private static String bodyOf(HandshakeMsg message) {
        ByteBuffer encoded = message.encode().position(PREFIX);
        byte[] body = new byte[encoded.remaining()];
        encoded.get(body);
        return HexFormat.of().formatHex(body);
    }
}
