/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.spi.ClosePlan.Admission;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ends that cross on the way, said by {@code close_notify}: the one loss that a CLEAN close cannot know of, over TLS as well. */
class CrossedEndsOverTlsTest {
    private static final Duration PATIENT = Duration.ofMinutes(5);
    private static final Duration BRIEF = Duration.ofSeconds(1);

    @Test
    void aCloseIsCleanThoughItsPeerRanOutOfTimeBehindItsOwnEnd() throws IOException {
        TlsPair pair = new TlsPair(
                new ScriptedPolicy().plans(Admission.SEAL, PATIENT, PATIENT),
                new ScriptedPolicy().plans(Admission.SEAL, BRIEF, PATIENT),
                Limits.defaults());
        // Both have said their ends, and neither has the other's.
        pair.alice.send(100);
        var unused = pair.alice.connection().close();
        var unusedToo = pair.bob.connection().close();
        pair.loop.runReady();

        pair.loop.advance(BRIEF);
        TlsPair.carry(pair.fromBob, pair.fromAlice);
        pair.carry();

        CloseReport report = pair.alice.reports.get(0);
        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        assertEquals(1, report.account().count(Outcome.WRITTEN));
        assertEquals(List.of(), pair.bob.received);
        assertEquals(CloseEnding.DEADLINE, pair.bob.reports.get(0).ending());
        pair.close();
    }
}
