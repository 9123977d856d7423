/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.RequestException.Failure;
import org.junit.jupiter.api.Test;

/**
 * A hundred requests under way, and both ends close at random moments under every policy: each reply completes once, what
 * is said not to have been sent was never seen by the peer, and the accounts balance with the answers that were owed. The
 * system properties {@value #SIMULATED} and {@value #REAL} say how many rounds, {@value #SEED} from which seed on.
 */
class RequestRoundsTest {
    static final String SIMULATED = "softclose.requests.simulated";
    static final String REAL = "softclose.requests.real";
    static final String SEED = "softclose.requests.seed";

    private static final int USUAL_SIMULATED = 100;
    private static final int USUAL_REAL = 20;
    /** With so many real rounds, some requests must have been refused, and some not sent. */
    private static final int ENOUGH_REAL = 500;

    /** In virtual time, so each close must end by its deadline to the nanosecond. */
    @Test
    void everyReplyCompletesOnceOnTheSimulatedNetwork() throws Exception {
        RoundTally tally = new RoundTally();
        long first = Long.getLong(SEED, 1);
        for (long seed = first; seed < first + Integer.getInteger(SIMULATED, USUAL_SIMULATED); seed++) {
            try {
                new SimulatedRound(seed).play(tally);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ", repeat it with -D" + SEED + "=" + seed, failure);
            }
        }
        report("simulated", tally, USUAL_SIMULATED);
    }

    @Test
    void everyReplyCompletesOnceBetweenNioAndNetty() throws Exception {
        RoundTally tally = new RoundTally();
        try (RealRounds rounds = new RealRounds(Long.getLong(SEED, 1))) {
            for (int left = Integer.getInteger(REAL, USUAL_REAL); left > 0; left--) {
                rounds.play(tally);
            }
        }
        report("NIO and Netty", tally, ENOUGH_REAL);
    }

    /** Says what happened; if there were enough rounds, all of it must have. */
    private static void report(String where, RoundTally tally, int enough) {
        System.out.println("RequestRoundsTest, " + where + ": " + tally);
        assertTrue(tally.answered() > 0, "no request was answered");
        assertTrue(tally.count(Failure.UNANSWERED) > 0, "no request was unanswered");
        if (tally.rounds() >= enough) {
            assertTrue(tally.count(Failure.REFUSED) > 0, "no request was refused");
            assertTrue(tally.count(Failure.NOT_SENT) > 0, "each request was sent");
        }
    }
}
