/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.fake.FakeLink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Over TLS a message goes in records of up to 16 KiB, and nothing of a record is of use before its last byte. Over a path of
 * 2 kB a second one takes eight seconds, which is longer than any of the times set here. Both ends are alive all the while.
 */
class SlowRecordTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long BYTES_A_SECOND = 2_000;
    private static final int MESSAGE_BYTES = 40_000;

    private final ScriptedPolicy policy = new ScriptedPolicy().plans(Admission.SEAL, Duration.ofMinutes(5), TIMEOUT);
    private final TlsPair pair = new TlsPair(
            policy,
            policy,
            Limits.builder().writeTimeout(TIMEOUT).messageTimeout(TIMEOUT).build());

    SlowRecordTest() throws IOException {
        pair.fromAlice.room(0);
        pair.alice.send(MESSAGE_BYTES);
    }

    @AfterEach
    void nothingIsLeft() {
        pair.close();
    }

    @Test
    void isNoStallOfAClose() {
        var unused = pair.alice.connection().close();

        passSlowly();

        CloseReport report = pair.alice.reports.get(0);
        assertEquals(CloseEnding.CLEAN, report.ending(), report::toString);
        assertEquals(1, report.account().count(Outcome.WRITTEN));
        assertEquals(MESSAGE_BYTES, pair.bob.received.get(0).size());
    }

    @Test
    void isNoWriteTimeoutOfAnOpenConnection() {
        passSlowly();

        assertEquals(List.of(), pair.alice.stalls);
        assertEquals(ConnectionState.OPEN, pair.alice.connection().state());
    }

    @Test
    void isNoPeerThatFallsSilentInTheMiddleOfAMessage() {
        passSlowly();

        assertEquals(List.of(), pair.bob.violations);
        assertEquals(MESSAGE_BYTES, pair.bob.received.get(0).size());
    }

    /** A part of a record has gone, and nothing more does. */
    @Test
    void isAStallOnceNothingOfItMoves() {
        var unused = pair.alice.connection().close();
        passASecond(BYTES_A_SECOND);

        for (int i = 0; i < 7; i++) {
            passASecond(0);
        }

        assertEquals(CloseEnding.STALL, pair.alice.reports.get(0).ending());
    }

    /** What Alice has sent since is lost on the way. */
    @Test
    void isSilenceOnceNothingOfItComes() {
        passASecond(BYTES_A_SECOND);
        passASecond(MESSAGE_BYTES / 2);
        pair.fromAlice.room(FakeLink.UNLIMITED);

        // The part of the record may have been heard of as late as one timeout after the last whole one.
        pair.loop.advance(TIMEOUT.multipliedBy(2).plus(SECOND));

        assertEquals(1, pair.bob.violations.size());
        assertTrue(pair.bob.violations.get(0).contains("and nothing for"), pair.bob.violations::toString);
    }

    /** Until everything has gone, and some more; longer than every timeout. */
    private void passSlowly() {
        long seconds = 2 * MESSAGE_BYTES / BYTES_A_SECOND;
        for (long i = 0; i < seconds; i++) {
            passASecond(BYTES_A_SECOND);
        }
    }

    /** A second in which so many of Alice's bytes can go, of which nothing tells. */
    private void passASecond(long bytes) {
        pair.fromAlice.roomUntold(bytes);
        pair.loop.advance(SECOND);
        pair.carry();
    }
}
