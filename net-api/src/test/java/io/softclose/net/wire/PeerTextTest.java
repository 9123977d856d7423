/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkId;
import io.softclose.net.ProtocolId;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer says of itself stands in logs and messages, and must not write there what it likes. */
class PeerTextTest {
    @Test
    void harmlessTextStandsAsItIs() {
        assertEquals("validators of Zürich, 東京 (42) \\ \"a\"", PeerText.of("validators of Zürich, 東京 (42) \\ \"a\""));
        assertEquals("[A, B]", PeerText.of(java.util.List.of("A", "B")));
        assertEquals("null", PeerText.of(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\t", "\u001b[2J", "\u0000", "\u0085", "\u2028", "\u2029", "\u202e", "\ud83d"})
    void nothingBreaksTheLineOrItsDirection(String harmful) {
        String fit = PeerText.of("a" + harmful + "b");

        assertEquals(String.format("a\\u%04x%sb", (int) harmful.charAt(0), harmful.substring(1)), fit);
    }

    @Test
    void longTextIsCut() {
        String fit = PeerText.of("x".repeat(60_000));

        assertEquals("x".repeat(200) + "… (60000 characters)", fit);
        assertEquals("x".repeat(200), PeerText.of("x".repeat(200)));
        assertEquals(200 * 6, PeerText.of("\n".repeat(200)).length());
    }

    @Test
    void aRefusedHandshakeShowsThePeersNameWithinBounds() {
        HandshakeMsg ours = HandshakeMsg.v1(Set.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS), 4, NetworkId.validator());
        HandshakeMsg theirs = HandshakeMsg.v1(
                Set.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS),
                4,
                NetworkId.privateNetwork("\nWARNING: all is lost\n" + "x".repeat(60_000)));

        String message = String.valueOf(Assertions.assertThrows(HandshakeException.class, () -> ours.negotiate(theirs))
                .getMessage());

        assertFalse(message.contains("\n"), message);
        assertFalse(message.length() > 400, () -> message.length() + " characters");
    }
}
