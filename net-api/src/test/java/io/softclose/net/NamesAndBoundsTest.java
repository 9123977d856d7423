/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the small types of the API are called, read from, and refuse. */
class NamesAndBoundsTest {
    private static final String DIGITS = "00ff".repeat(16);

    @Test
    void aPeerIdIsReadFromItsText() {
        PeerId peer = PeerId.parse(DIGITS);

        assertEquals(peer, PeerId.parse("0x" + DIGITS));
        assertEquals(peer.hashCode(), PeerId.of(peer.toBytes()).hashCode());
        assertNotEquals(peer.hashCode(), PeerId.parse("00fe".repeat(16)).hashCode());
        assertEquals(DIGITS, peer.toString());
        assertEquals("00ff00ff", peer.shortText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "00", "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00fg"})
    void aPeerIdThatIsNoneIsNamed(String text) {
        assertRefused(
                "peer id: \"" + text + "\" (expected: 64 hexadecimal digits, optionally after 0x)",
                () -> PeerId.parse(text));
    }

    @Test
    void peerIdsAreOrderedByUnsignedBytes() {
        PeerId low = PeerId.parse("7f".repeat(32));
        PeerId high = PeerId.parse("80".repeat(32));

        assertTrue(low.compareTo(high) < 0);
        assertTrue(high.compareTo(low) > 0);
        assertEquals(0, low.compareTo(PeerId.of(low.toBytes())));
    }

    @ParameterizedTest
    @MethodSource("io.softclose.net.ProtocolId#aptosNet")
    void aProtocolIsFoundByItsByteAndItsName(ProtocolId protocol) {
        assertEquals(Optional.of(protocol), ProtocolId.ofId(protocol.id()));
        assertEquals(Optional.of(protocol), ProtocolId.ofName(protocol.name()));
        assertEquals(Optional.of(protocol), ProtocolId.ofName(protocol.name().toUpperCase(Locale.ROOT)));
    }

    @Test
    void thereIsNoProtocolBesides() {
        assertEquals("ConsensusDirectSendBcs", ProtocolId.CONSENSUS_DIRECT_SEND_BCS.name());
        assertEquals(Optional.empty(), ProtocolId.ofId(-1));
        assertEquals(Optional.empty(), ProtocolId.ofId(200));
        assertEquals(Optional.empty(), ProtocolId.ofId(256));
        assertEquals(Optional.empty(), ProtocolId.ofName("none"));
        assertEquals(Optional.of(ProtocolId.CONSENSUS_RPC_BCS), ProtocolId.ofName("CONSENSUS_RPC_BCS"));
    }

    @Test
    void anApplicationsProtocolIsItsId() {
        ProtocolId chat = ProtocolId.of(64, "chat");

        assertEquals(ProtocolId.of(64, "another"), chat);
        assertNotEquals(ProtocolId.of(65, "chat"), chat);
        assertEquals("chat", chat.toString());
        assertTrue(chat.isOwn());
        assertFalse(ProtocolId.UNKNOWN.isOwn());
        assertEquals(Optional.empty(), ProtocolId.ofId(64));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 28, 59, 60, 63, 128, 255, 256})
    void anIdOutsideTheApplicationsIsRefused(int id) {
        assertRefused("id of an own protocol: " + id + " (expected: 64 to 127)", () -> ProtocolId.of(id, "chat"));
    }

    @Test
    void aNameThatNoProtocolCanHaveIsRefused() {
        assertRefused(
                "name of protocol 64: \"\" (expected: 1 to 64 printable characters of ASCII without blanks)",
                () -> ProtocolId.of(64, ""));
        assertRefused(
                "name of protocol 64: \"a b\" (expected: 1 to 64 printable characters of ASCII without blanks)",
                () -> ProtocolId.of(64, "a b"));
        assertRefused(
                "name of protocol 64: \"mempool_rpc\" (expected: another one; AptosNet's protocol 9 has it)",
                () -> ProtocolId.of(64, "mempool_rpc"));
    }

    @Test
    void twoProtocolsOfOneIdAreRefused() {
        NetworkBuilder builder = Network.builder().support(ProtocolId.of(64, "chat"));

        assertRefused(
                "protocol news: id 64 (expected: another id; protocol chat has it)",
                () -> builder.support(ProtocolId.of(64, "news")));
        assertEquals(
                Set.of(ProtocolId.of(64, "chat")),
                builder.support(ProtocolId.of(64, "chat")).protocols());
    }

    @ParameterizedTest
    @ValueSource(strings = {"validator", "public", "private:lab", "vfn", "new_public"})
    void aNetworkIdIsReadFromItsText(String text) {
        assertEquals(text, NetworkId.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Validator", "private:", "private"})
    void aNetworkIdThatIsNoneIsNamed(String text) {
        assertRefused(
                "network id: \"" + text + "\" (expected: validator, public, private:NAME, vfn or new_public)",
                () -> NetworkId.parse(text));
    }

    @Test
    void aChainIdIsAByteButZero() {
        Network.builder().chainId(1).chainId(255);

        assertRefused("chainId: 0 (expected: 1 to 255)", () -> Network.builder().chainId(0));
        assertRefused(
                "chainId: 256 (expected: 1 to 255)", () -> Network.builder().chainId(256));
    }

    @Test
    void aLaneHasANameAndBounds() {
        new Lane("a", 1, 1, 1);
        new Lane("a", 1 << 20, 1L << 40, Long.MAX_VALUE);

        assertRefused("lane name: \" \" (expected: not blank)", () -> new Lane(" ", 1, 1, 1));
        assertRefused("a.maxMessages: 0 (expected: 1 to 1048576)", () -> new Lane("a", 0, 1, 1));
        assertRefused(
                "a.maxBytes: 1099511627777 (expected: 1 to 1099511627776)", () -> new Lane("a", 1, (1L << 40) + 1, 1));
        assertRefused("a.burstBytes: 0 (expected: 1 to 9223372036854775807)", () -> new Lane("a", 1, 1, 0));
    }

    @Test
    void thereAreOneTo64LanesWithDifferentNames() {
        assertEquals(64, planOf(64).lanes().size());

        assertRefused("lanes: 0 (expected: 1 to 64)", () -> planOf(0));
        assertRefused("lanes: 65 (expected: 1 to 64)", () -> planOf(65));
        List<Lane> twins = Collections.nCopies(2, new Lane("a", 1, 1, 1));
        assertRefused("lanes: [a, a] (expected: names that differ)", () -> new LanePlan(twins, message -> 0));
    }

    private static LanePlan planOf(int lanes) {
        return new LanePlan(
                IntStream.range(0, lanes)
                        .mapToObj(i -> new Lane("lane" + i, 1, 1, 1))
                        .toList(),
                message -> 0);
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
