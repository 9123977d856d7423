/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepartureTest {
    /** A message from 10 to 20 of the link's stream. */
    @ParameterizedTest
    @CsvSource({
        "0,  0,  NONE,    DISCARDED",
        "10, 0,  NONE,    DISCARDED",
        "10, 10, NONE,    DISCARDED",
        "11, 0,  PART,    UNSENT",
        "11, 11, PART,    UNSENT",
        "19, 10, PART,    UNSENT",
        "20, 10, TAKEN,   UNCERTAIN",
        "20, 19, TAKEN,   UNCERTAIN",
        "30, 19, TAKEN,   UNCERTAIN",
        "20, 20, FLUSHED, WRITTEN",
        "30, 30, FLUSHED, WRITTEN"
    })
    void theOutcomeFollowsFromWhatTheLinkTookAndFlushed(
            long taken, long flushed, Departure departure, Outcome outcome) {
        assertEquals(departure, Departure.of(10, 20, taken, flushed));
        assertEquals(outcome, departure.outcome(Outcome.DISCARDED));
    }

    @ParameterizedTest
    @CsvSource({"10, NONE", "11, PART", "1000, PART"})
    void aStreamThatIsNotWholeYetNeverLeavesWhole(long taken, Departure departure) {
        assertEquals(departure, Departure.of(10, Long.MAX_VALUE, taken, taken));
    }
}
