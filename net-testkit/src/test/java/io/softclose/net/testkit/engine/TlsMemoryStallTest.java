/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An end has no memory to seal what is on its way, for longer than a peer may take nothing. That is no fault of the peer's. */
class TlsMemoryStallTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** Of the limit, so that a look comes between two attempts to get memory. */
    private static final Duration STEP = Duration.ofMillis(100);

    private static final int MESSAGE_BYTES = 40_000;

    private final ScriptedPolicy policy = new ScriptedPolicy().plans(Admission.SEAL, Duration.ofMinutes(5), TIMEOUT);
    private final TlsPair pair =
            new TlsPair(policy, policy, Limits.builder().writeTimeout(TIMEOUT).build());

    /** One record waits for room, and the rest of the message for memory. */
    TlsMemoryStallTest() throws IOException {
        pair.fromAlice.room(0);
        pair.alice.send(MESSAGE_BYTES);
        pair.fromAlice.lends(false);
    }

    @AfterEach
    void nothingIsLeft() {
        pair.fromAlice.lends(true);
        pair.close();
    }

    @Test
    void aPeerThatTakesEverythingIsNoStallOfAClose() {
        var unused = pair.alice.connection().close();
        pair.fromAlice.room(FakeLink.UNLIMITED);

        pass(TIMEOUT.multipliedBy(5));
        assertEquals(List.of(), pair.alice.reports);
        pair.fromAlice.lends(true);
        pass(TIMEOUT.multipliedBy(3));

        CloseReport report = pair.alice.reports.get(0);
        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        assertEquals(MESSAGE_BYTES, pair.bob.received.get(0).size());
    }

    @Test
    void aPeerThatTakesEverythingIsNoWriteTimeout() {
        pair.fromAlice.room(FakeLink.UNLIMITED);

        pass(TIMEOUT.multipliedBy(5));

        assertEquals(List.of(), pair.alice.stalls);
        assertEquals(ConnectionState.OPEN, pair.alice.connection().state());
    }

    @Test
    void aPeerThatTakesNothingIsAStallWithoutMemoryToo() {
        var unused = pair.alice.connection().close();
        // This cannot be unsealed: the link knows that there is no memory.
        pair.bob.send(1);

        pass(TIMEOUT.multipliedBy(2));

        assertEquals(CloseEnding.STALL, pair.alice.reports.get(0).ending());
    }

    private void pass(Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minus(STEP)) {
            pair.carry();
            pair.loop.advance(STEP);
        }
        pair.carry();
    }
}
