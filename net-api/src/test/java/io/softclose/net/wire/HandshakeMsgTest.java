/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.assertSameBytes;
import static io.softclose.net.wire.Bytes.hex;
import static io.softclose.net.wire.Bytes.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.NetworkId;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HandshakeMsgTest {
    private static final int FUZZ_ROUNDS = 100_000;
    private static final Set<ProtocolId> TWO = Set.of(ProtocolId.MEMPOOL_DIRECT_SEND, ProtocolId.MEMPOOL_RPC);
    private static final HandshakeMsg OURS = HandshakeMsg.v1(TWO, 4, NetworkId.validator());

    static List<HandshakeMsg> samples() {
        return List.of(
                OURS,
                HandshakeMsg.v1(Set.of(), 0, NetworkId.publicNetwork()),
                HandshakeMsg.v1(Set.copyOf(ProtocolId.aptosNet()), 255, NetworkId.privateNetwork("läb")),
                new HandshakeMsg(Map.of(), 1, NetworkId.vfn()),
                new HandshakeMsg(Map.of(0, TWO, 1, Set.of(), 127, TWO), 1, NetworkId.parse("new_public")));
    }

    /** Written out by hand from the format's description: map of one, V1, two bytes of bits, chain, network. */
    @Test
    void theBytesAreAsDescribed() {
        // Protocols 2 and 9: bit 0x80 >> 2 of byte 0, 0x80 >> 1 of byte 1.
        assertSameBytes(hex("0007 01 00 02 2040 04 00"), OURS.encode());
        assertSameBytes(
                hex("0009 01 00 00 04 02 03 6c6162"),
                HandshakeMsg.v1(Set.of(), 4, NetworkId.privateNetwork("lab")).encode());
    }

    @ParameterizedTest
    @CsvSource({"validator, 00", "public, 01", "private:a, 02 01 61", "vfn, 03", "new_public, 04"})
    void everyNetworkIdHasItsVariant(String network, String digits) {
        HandshakeMsg message = HandshakeMsg.v1(Set.of(), 4, NetworkId.parse(network));
        ByteBuffer body = join(hex("01 00 00 04"), hex(digits));

        assertSameBytes(body, body(message));
        assertEquals(message, HandshakeMsg.decode(body, KnownProtocols.APTOS_NET));
    }

    @Test
    void theLastBitOfALongestSetIsProtocol255() {
        HandshakeMsg message = HandshakeMsg.v1(Set.of(ProtocolId.UNKNOWN), 4, NetworkId.validator());

        assertSameBytes(join(hex("01 00 20"), ByteBuffer.allocate(31), hex("01 04 00")), body(message));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyMessageSurvivesTheRoundTrip(HandshakeMsg message) {
        ByteBuffer encoded = message.encode();

        assertEquals(encoded.remaining() - 2, Short.toUnsignedInt(encoded.getShort()));
        assertEquals(message, HandshakeMsg.decode(Bytes.directCopyOf(encoded), KnownProtocols.APTOS_NET));
        assertEquals(message, HandshakeMsg.decode(encoded, KnownProtocols.APTOS_NET));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void truncationAtAnyByteAndTrailingBytesAreRejected(HandshakeMsg message) {
        ByteBuffer whole = body(message);

        for (int limit = 0; limit < whole.limit(); limit++) {
            ByteBuffer truncated = whole.duplicate().limit(limit);
            assertThrows(
                    WireException.class,
                    () -> HandshakeMsg.decode(truncated, KnownProtocols.APTOS_NET),
                    "cut at " + limit);
        }
        assertThrows(WireException.class, () -> HandshakeMsg.decode(join(whole, hex("00")), KnownProtocols.APTOS_NET));
    }

    @Test
    void bitsOfUnknownProtocolsAndTrailingZeroBytesAreIgnored() {
        assertEquals(OURS, HandshakeMsg.decode(hex("01 00 05 2040000780 04 00"), KnownProtocols.APTOS_NET));
        assertEquals(
                OURS,
                HandshakeMsg.decode(
                        join(hex("01 00 20 2040 0000"), ByteBuffer.allocate(27), hex("fe 04 00")),
                        KnownProtocols.APTOS_NET));
    }

    @Test
    void otherVersionsAreKept() {
        HandshakeMsg message = HandshakeMsg.decode(hex("02 00 02 2040 7f 01 80 04 00"), KnownProtocols.APTOS_NET);

        assertEquals(Map.of(0, TWO, 127, Set.of(ProtocolId.CONSENSUS_RPC_BCS)), message.supportedProtocols());
    }

    @ParameterizedTest
    @CsvSource({
        "02 00 00 00 00 04 00, supported_protocols: version 0 after 0",
        "02 01 00 00 00 04 00, supported_protocols: version 0 after 1",
        "01 8001 00 04 00, MessagingProtocolVersion: variant 128",
        "8100 00 00 04 00, supported_protocols: ULEB128 padded",
        "ffffffff0f 00 00, MessagingProtocolVersion: 0 bytes left",
        "01 00 ffffffff07 00, ProtocolIdSet: length 2147483647",
        "01 00 00 04 05, NetworkId: variant 5",
        "01 00 00 04 02 00, network name: \"\"",
        "01 00 00 04 02 01 ff, network name: 1 bytes that are no UTF-8",
        "01 00 00 04 02 ffffffff0f 61, network name: length 4294967295"
    })
    void malformedMessagesAreRejectedWithTheField(String digits, String reason) {
        WireException e =
                assertThrows(WireException.class, () -> HandshakeMsg.decode(hex(digits), KnownProtocols.APTOS_NET));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    }

    @Test
    void aSetOfMoreThan256BitsIsRejected() {
        ByteBuffer body = join(hex("01 00 21"), ByteBuffer.allocate(33), hex("04 00"));

        WireException e = assertThrows(WireException.class, () -> HandshakeMsg.decode(body, KnownProtocols.APTOS_NET));
        assertEquals("ProtocolIdSet: 33 bytes (expected: at most 32)", e.getMessage());
    }

    @Test
    void negotiationGivesWhatBothSupport() {
        HandshakeMsg theirs =
                HandshakeMsg.v1(Set.of(ProtocolId.MEMPOOL_RPC, ProtocolId.DKG_RPC_BCS), 4, NetworkId.validator());

        assertEquals(Set.of(ProtocolId.MEMPOOL_RPC), OURS.negotiate(theirs));
        assertEquals(Set.of(ProtocolId.MEMPOOL_RPC), theirs.negotiate(OURS));
    }

    @Test
    void theHighestVersionThatSharesAProtocolIsUsed() {
        Set<ProtocolId> rpc = Set.of(ProtocolId.MEMPOOL_RPC);
        HandshakeMsg ours = new HandshakeMsg(Map.of(0, TWO, 1, TWO, 2, rpc), 4, NetworkId.validator());

        assertEquals(rpc, ours.negotiate(new HandshakeMsg(Map.of(0, TWO, 1, rpc), 4, NetworkId.validator())));
        assertEquals(TWO, ours.negotiate(new HandshakeMsg(Map.of(0, TWO, 1, Set.of()), 4, NetworkId.validator())));
    }

    @Test
    void eachRefusalNamesTheValuesOfBothEnds() {
        assertRefused(
                Failure.INVALID_CHAIN_ID,
                "peer's chain id: 5 (expected: 4)",
                HandshakeMsg.v1(TWO, 5, NetworkId.validator()));
        assertRefused(
                Failure.INVALID_NETWORK_ID,
                "peer's network id: private:lab (expected: validator)",
                HandshakeMsg.v1(TWO, 4, NetworkId.privateNetwork("lab")));
        assertRefused(
                Failure.NO_COMMON_VERSION,
                "peer's versions: [1, 2] (expected: one of [0])",
                new HandshakeMsg(Map.of(2, TWO, 1, TWO), 4, NetworkId.validator()));
        assertRefused(
                Failure.NO_COMMON_PROTOCOLS,
                "peer's protocols: [DKGRpcBcs] (expected: one of [MempoolDirectSend, MempoolRpc])",
                HandshakeMsg.v1(Set.of(ProtocolId.DKG_RPC_BCS), 4, NetworkId.validator()));
    }

    @Test
    void checksAreMadeInAptosNetsOrder() {
        assertRefused(Failure.INVALID_CHAIN_ID, "", new HandshakeMsg(Map.of(), 5, NetworkId.vfn()));
        assertRefused(Failure.INVALID_NETWORK_ID, "", new HandshakeMsg(Map.of(), 4, NetworkId.vfn()));
        assertRefused(Failure.NO_COMMON_VERSION, "", new HandshakeMsg(Map.of(), 4, NetworkId.validator()));
        assertRefused(Failure.NO_COMMON_PROTOCOLS, "", new HandshakeMsg(Map.of(0, Set.of()), 4, NetworkId.validator()));
    }

    @Test
    void privateNetworksDifferByName() {
        HandshakeMsg lab = HandshakeMsg.v1(TWO, 4, NetworkId.privateNetwork("lab"));
        HandshakeMsg other = HandshakeMsg.v1(TWO, 4, NetworkId.privateNetwork("lob"));

        HandshakeException e = assertThrows(HandshakeException.class, () -> lab.negotiate(other));
        assertEquals(Failure.INVALID_NETWORK_ID, e.failure());
    }

    @Test
    void theContentIsCopied() {
        Set<ProtocolId> protocols = new HashSet<>(TWO);
        Map<Integer, Set<ProtocolId>> versions = new LinkedHashMap<>();
        versions.put(0, protocols);
        HandshakeMsg message = new HandshakeMsg(versions, 4, NetworkId.validator());

        protocols.clear();
        versions.clear();

        assertEquals(OURS, message);
        assertThrows(
                UnsupportedOperationException.class,
                () -> message.supportedProtocols().clear());
    }

    @Test
    void whatTheWireHasNoRoomForIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> HandshakeMsg.v1(TWO, 256, NetworkId.vfn()));
        assertThrows(IllegalArgumentException.class, () -> HandshakeMsg.v1(TWO, -1, NetworkId.vfn()));
        for (int version : List.of(-1, 128)) {
            assertThrows(
                    IllegalArgumentException.class, () -> new HandshakeMsg(Map.of(version, TWO), 4, NetworkId.vfn()));
        }
        // 65 535 bytes hold a name of 8 bytes less: map of an empty set, chain, network, and three bytes of length.
        assertEquals(65_537, withNameOf(65_527).encode().remaining());
        assertThrows(IllegalArgumentException.class, () -> withNameOf(65_528).encode());
    }

    @Test
    void damagedMessagesAreRejectedOrAreOtherMessages() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<ByteBuffer> valid = samples().stream().map(HandshakeMsgTest::body).toList();
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            ByteBuffer damaged = Bytes.damaged(random, valid.get(random.nextInt(valid.size())));
            try {
                HandshakeMsg message = HandshakeMsg.decode(damaged.duplicate(), KnownProtocols.APTOS_NET);
                assertEquals(message, HandshakeMsg.decode(body(message), KnownProtocols.APTOS_NET));
            } catch (WireException expected) {
                assertTrue(String.valueOf(expected.getMessage()).contains("expected: "));
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", bytes " + Bytes.toHex(damaged), e);
            }
        }
    }

    private static void assertRefused(Failure failure, String message, HandshakeMsg peer) {
        HandshakeException e = assertThrows(HandshakeException.class, () -> OURS.negotiate(peer));
        assertEquals(failure, e.failure());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }

    private static HandshakeMsg withNameOf(int length) {
        return HandshakeMsg.v1(Set.of(), 4, NetworkId.privateNetwork("n".repeat(length)));
    }

    private static ByteBuffer body(HandshakeMsg message) {
        return message.encode().position(HandshakeMsg.PREFIX_BYTES).slice();
    }
}
