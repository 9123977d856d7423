/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.shutdown.BarrierLoad.Voters;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BarrierLoadTest {
    private static final BarrierLoad LOAD = new BarrierLoad(100, 10, 1_000, 8_000, Duration.ofSeconds(4), 10);

    @Test
    void oneInTenHasTheVotesOfTen() {
        assertEquals(1_000, LOAD.allVotes(Voters.ALL));
        assertEquals(1_000, LOAD.allVotes(Voters.TENTH));
        assertEquals(100, LOAD.votesEach(Voters.TENTH));
        assertEquals(10, voters(LOAD, Voters.TENTH));
        assertEquals(100, voters(LOAD, Voters.ALL));
    }

    @Test
    void ofAFewConnectionsOneHasVotes() {
        BarrierLoad few = new BarrierLoad(3, 2, 20, 8_000, Duration.ofSeconds(1), 10);

        assertEquals(1, voters(few, Voters.TENTH));
        assertEquals(6, few.allVotes(Voters.TENTH));
    }

    @Test
    void theBudgetSufficesForThePart() {
        // A tenth of 800.2 MB in 4 s.
        assertEquals(20_005_000, LOAD.bytesPerSecond());
    }

    @Test
    void nothingIsToSendForNobody() {
        assertEquals(
                "connections: 0 (expected: 1 to 1048576)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new BarrierLoad(0, 1, 1, 1, Duration.ofSeconds(1), 1))
                        .getMessage());
    }

    private static long voters(BarrierLoad load, Voters voters) {
        return IntStream.range(0, load.connections())
                .filter(connection -> load.votes(voters, connection))
                .count();
    }
}
