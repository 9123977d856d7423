/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.shutdown.BarrierCase.Ending;
import io.softclose.bench.shutdown.BarrierRounds.Spread;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BarrierRoundsTest {
    private final BarrierRounds rounds = new BarrierRounds(10);

    @Test
    void ratiosAreOfTheSameRound() {
        rounds.add(arrived(10, 100), arrived(5, 100));
        rounds.add(arrived(10, 100), arrived(10, 300));
        rounds.add(arrived(8, 100), arrived(2, 100));

        assertEquals(Optional.of(new Spread(0.5, 0.25, 1)), rounds.votesRatio());
        // In the first and the last, one of the two never got to nine.
        assertEquals(Optional.of(new Spread(3, 3, 3)), rounds.timeRatio());
    }

    @Test
    void aTimeThatMostRoundsNeverGotToIsUnknown() {
        rounds.add(arrived(10, 100), arrived(9, 100));
        rounds.add(arrived(10, 100), arrived(8, 100));
        rounds.add(arrived(10, 100), arrived(8, 100));

        assertEquals(Optional.of(Duration.ofMillis(900)), rounds.until(Ending.AS_ONE, 9));
        assertEquals(Optional.of(Duration.ofMillis(800)), rounds.until(Ending.ONE_BY_ONE, 8));
        assertEquals(Optional.empty(), rounds.until(Ending.ONE_BY_ONE, 9));
    }

    @Test
    void nothingIsARatioToNothing() {
        rounds.add(arrived(0, 1), arrived(3, 1));

        assertTrue(rounds.votesRatio().isEmpty());
        assertTrue(rounds.timeRatio().isEmpty());
    }

    @Test
    void figuresHaveTheirSpread() {
        rounds.add(arrived(10, 1), arrived(7, 1));
        rounds.add(arrived(10, 1), arrived(3, 1));
        rounds.add(arrived(9, 1), arrived(5, 1));

        assertEquals(new Spread(5, 3, 7), rounds.spread(Ending.ONE_BY_ONE, Arrived::votes));
        assertEquals(new Spread(10, 9, 10), rounds.spread(Ending.AS_ONE, Arrived::votes));
    }

    /** So many, one after the other. */
    private static Arrived arrived(int votes, int millisEach) {
        return new Arrived(
                IntStream.rangeClosed(1, votes)
                        .mapToObj(vote -> Duration.ofMillis((long) vote * millisEach))
                        .toList(),
                votes,
                0);
    }
}
