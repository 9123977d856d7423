/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import io.softclose.bench.testnet.consensus.message.Voters;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundStateTest {
    private static final Timeouts TIMEOUTS = new Timeouts(Duration.ofMillis(100), 2, Duration.ofSeconds(1));

    private final RoundState rounds = new RoundState(new Committee(4, 0), TIMEOUTS);

    @Test
    void roundsOnlyRise() {
        assertTrue(rounds.enter(3));
        assertFalse(rounds.enter(3));
        assertFalse(rounds.enter(2));
        assertTrue(rounds.enter(7));
        assertEquals(7, rounds.round());
    }

    @Test
    void threeOfFourGiveUpARoundAndTellOfTheHighestBlockThatAnyKnows() {
        rounds.enter(5);

        assertEquals(Optional.empty(), rounds.giveUp(1, 2));
        assertEquals(Optional.empty(), rounds.giveUp(1, 2));
        assertEquals(Optional.empty(), rounds.giveUp(2, 4));
        assertEquals(Optional.of(new TimeoutCert(5, 4, new Voters(0b1110))), rounds.giveUp(3, 3));
        assertEquals(Optional.empty(), rounds.giveUp(0, 3), "it is told once");
    }

    @Test
    void twoOfFourThatGiveUpHaveTheOthersDoSo() {
        rounds.enter(5);

        assertEquals(Optional.empty(), rounds.giveUp(1, 2));
        assertFalse(rounds.oughtToGiveUp());
        assertEquals(Optional.empty(), rounds.giveUp(2, 2));
        assertTrue(rounds.oughtToGiveUp());
        assertTrue(rounds.timeOut());
        assertFalse(rounds.oughtToGiveUp(), "it has");
        assertFalse(rounds.timeOut(), "not for the first time");
    }

    @Test
    void aNewRoundKnowsNothingOfWhoGaveUpOnTheOneBefore() {
        rounds.enter(5);
        assertEquals(Optional.empty(), rounds.giveUp(1, 4));
        assertEquals(Optional.empty(), rounds.giveUp(2, 4));
        rounds.enter(6);

        assertFalse(rounds.oughtToGiveUp());
        assertEquals(Optional.empty(), rounds.giveUp(3, 4));
    }

    @Test
    void patienceGrowsWithTheRoundsSinceTheLastThatWasOrderedUpToItsBound() {
        rounds.enter(10);

        assertEquals(Duration.ofMillis(100), rounds.patience(9));
        assertEquals(Duration.ofMillis(100), rounds.patience(7));
        assertEquals(Duration.ofMillis(200), rounds.patience(6));
        assertEquals(Duration.ofMillis(800), rounds.patience(4));
        assertEquals(Duration.ofSeconds(1), rounds.patience(3));
        rounds.enter(1_000_000);
        assertEquals(Duration.ofSeconds(1), rounds.patience(3));
    }

    @Test
    void ofMoreValidatorsAsManyAreAQuorumAsAreLeftWhenAThirdFails() {
        assertEquals(1, new Committee(1, 0).quorum());
        assertEquals(3, new Committee(3, 0).quorum());
        assertEquals(3, new Committee(4, 0).quorum());
        assertEquals(5, new Committee(6, 0).quorum());
        assertEquals(5, new Committee(7, 0).quorum());
    }
}
