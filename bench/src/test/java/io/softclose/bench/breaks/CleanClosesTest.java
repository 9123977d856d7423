/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection.Direction;
import io.softclose.net.Outcome;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CleanClosesTest {
    /** Where everybody dials. */
    private static final SocketAddress DOOR = InetSocketAddress.createUnresolved("door", 1);
    /** From where the one connection comes. */
    private static final SocketAddress RELAY = InetSocketAddress.createUnresolved("relay", 2);

    private final List<String> violations = new ArrayList<>();
    private final List<String> excused = new ArrayList<>();

    @Test
    void whatIsWrittenBeforeACleanEndMustHaveArrived() {
        CleanCloses closes = judged(
                own(1, CloseEnding.CLEAN, message(0, 9), message(1, Ended.NONE)),
                other(9, CloseEnding.CLEAN),
                Set.of());

        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.get(0).startsWith("CLEAN, but 1 of 2 did not arrive"), violations::toString);
        assertEquals(0, closes.confirmed());
    }

    @Test
    void soMustWhatIsWrittenToAConnectionByWhichNothingCame() {
        judged(own(1, CloseEnding.CLEAN, message(0, Ended.NONE)), other(9, CloseEnding.UNCONFIRMED), Set.of());

        assertEquals(1, violations.size(), violations::toString);
    }

    @Test
    void unlessTheOtherEndRanOutOfTimeAfterItsOwnEnd() {
        CleanCloses closes = judged(
                own(1, CloseEnding.CLEAN, message(0, 9), message(1, Ended.NONE)),
                other(9, CloseEnding.DEADLINE),
                Set.of());

        assertEquals(List.of(), violations);
        assertEquals(1, closes.crossed());
        assertEquals(1, excused.size());
    }

    @Test
    void orSomebodyBetweenHasSaidAnEnd() {
        Ended own = own(1, CloseEnding.CLEAN, message(0, 9), message(1, Ended.NONE));

        assertEquals(1, judged(own, other(9, CloseEnding.CLEAN), Set.of(RELAY)).forged());
        assertEquals(List.of(), violations);
        judged(own, other(9, CloseEnding.CLEAN), Set.of(DOOR));
        assertEquals(1, violations.size(), violations::toString);
    }

    @Test
    void whatIsWrittenToOneConnectionMustNotComeByTwo() {
        judged(own(1, CloseEnding.ERROR, message(0, 9), message(1, 8)), other(9, CloseEnding.ERROR), Set.of());

        assertTrue(violations.get(0).contains("came by [8, 9]")
                || violations.get(0).contains("came by [9, 8]"));
    }

    @Test
    void nothingIsSaidOfWhatWasWrittenBeforeAnotherEnd() {
        judged(own(1, CloseEnding.ERROR, message(0, 9), message(1, Ended.NONE)), other(9, CloseEnding.CLEAN), Set.of());

        assertEquals(List.of(), violations);
    }

    private CleanCloses judged(Ended own, Ended other, Set<SocketAddress> cuts) {
        CleanCloses closes = new CleanCloses(List.of(own), List.of(other), cuts, violations::add, excused::add);
        closes.check();
        return closes;
    }

    private static Ended own(long number, CloseEnding ending, Sent... written) {
        return new Ended(
                number,
                Direction.OUTBOUND,
                DOOR,
                100,
                200,
                new Ended.Summary(ending, "graceful", ""),
                List.of(written));
    }

    private static Ended other(long number, CloseEnding ending) {
        return new Ended(
                number, Direction.INBOUND, RELAY, 101, 201, new Ended.Summary(ending, "graceful", ""), List.of());
    }

    private static Sent message(int number, long cameBy) {
        Sent one = new Sent(number, 1, 0, 0, false);
        one.accepted = true;
        one.outcome = Outcome.WRITTEN;
        one.handled = cameBy == Ended.NONE ? 0 : 1;
        one.cameBy = cameBy;
        return one;
    }
}
