/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What accounts and reports say of themselves. */
class ReportsTest {
    private static final LaneAccount SETTLED = lane("settled", 3, Map.of(Outcome.WRITTEN, 2L, Outcome.EXPIRED, 1L));
    private static final LaneAccount ONE_OPEN = lane("open", 2, Map.of(Outcome.WRITTEN, 1L));
    private static final LaneAccount ONE_TOO_MANY = lane("twice", 0, Map.of(Outcome.UNSENT, 1L));

    @Test
    void anAccountBalancesOnlyIfEveryLaneDoes() {
        assertTrue(new Account(List.of(SETTLED)).balanced());
        assertFalse(new Account(List.of(SETTLED, ONE_OPEN)).balanced());
        // Their sums would.
        assertFalse(new Account(List.of(ONE_OPEN, ONE_TOO_MANY)).balanced());
    }

    @Test
    void anAccountSumsItsLanes() {
        Account account = new Account(List.of(SETTLED, ONE_OPEN));

        assertEquals(3, account.count(Outcome.WRITTEN));
        assertEquals(3, account.total().count(Outcome.WRITTEN));
        assertEquals(5, account.total().accepted());
        assertEquals(1, account.total().pending());
    }

    @Test
    void aLanePrintsInTheOrderOfOutcomes() {
        Map<Outcome, Long> shuffled = new LinkedHashMap<>();
        List<Outcome> backwards = new ArrayList<>(List.of(Outcome.values()));
        Collections.reverse(backwards);
        backwards.forEach(outcome -> shuffled.put(outcome, 0L));

        LaneAccount lane = lane("any", 0, shuffled);

        assertEquals(List.of(Outcome.values()), List.copyOf(lane.outcomes().keySet()));
    }

    @Test
    void aShutdownBalancesOnlyIfEveryConnectionDoes() {
        CloseReport settled = report(CloseEnding.CLEAN, SETTLED);
        CloseReport open = report(CloseEnding.CLEAN, ONE_OPEN);

        assertTrue(new ShutdownReport(Duration.ZERO, List.of(settled), 0).balanced());
        assertFalse(new ShutdownReport(Duration.ZERO, List.of(settled, open), 0).balanced());
    }

    @ParameterizedTest
    @EnumSource
    void aReportIsCleanIfItsEndingIs(CloseEnding ending) {
        assertEquals(ending == CloseEnding.CLEAN, report(ending, SETTLED).clean());
    }

    @Test
    void aCleanCloseThatThrewMessagesAwayIsNotLossless() {
        LaneAccount written = lane("written", 2, Map.of(Outcome.WRITTEN, 2L));
        LaneAccount thrownAway = lane("thrown away", 2, Map.of(Outcome.WRITTEN, 1L, Outcome.DISCARDED, 1L));

        assertTrue(report(CloseEnding.CLEAN, written).lossless());
        assertFalse(report(CloseEnding.CLEAN, thrownAway).lossless());
        assertFalse(report(CloseEnding.CLEAN, ONE_OPEN).lossless());
        assertEquals(1, thrownAway.lost());
    }

    @ParameterizedTest
    @EnumSource
    void aCloseIsLosslessHoweverItEndedIfEverythingWasDelivered(CloseEnding ending) {
        assertTrue(report(ending, lane("delivered", 2, Map.of(Outcome.DELIVERED, 2L)))
                .lossless());
        assertEquals(
                ending == CloseEnding.CLEAN,
                report(ending, lane("written", 2, Map.of(Outcome.WRITTEN, 2L))).lossless());
    }

    @Test
    void aReportCountsWhatWasReturnedInsteadOfListingIt() {
        ReturnedMessage one = new ReturnedMessage(
                Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[8]), Outcome.UNSENT, "default");
        String text = report(CloseEnding.ERROR, SETTLED, Collections.nCopies(3_000, one))
                .toString();

        assertTrue(text.contains("returned=3000"), text);
        assertTrue(text.length() < 1_000, text);
    }

    @ParameterizedTest
    @EnumSource
    void aCloseHasBegunOnceItSeals(ConnectionState state) {
        Set<ConnectionState> before =
                EnumSet.of(ConnectionState.DIALING, ConnectionState.HANDSHAKING, ConnectionState.OPEN);

        assertEquals(!before.contains(state), state.closing());
    }

    private static LaneAccount lane(String name, long accepted, Map<Outcome, Long> outcomes) {
        return new LaneAccount(name, accepted, outcomes);
    }

    private static CloseReport report(CloseEnding ending, LaneAccount lane) {
        return report(ending, lane, List.of());
    }

    private static CloseReport report(CloseEnding ending, LaneAccount lane, List<ReturnedMessage> returned) {
        return new CloseReport(
                1,
                PeerId.of(new byte[32]),
                DisconnectReason.REQUESTED_BY_PEER_MANAGER,
                "graceful",
                ending,
                "for a test",
                Duration.ZERO,
                new Account(List.of(lane)),
                RequestAccount.NONE,
                returned,
                List.of(),
                0,
                Optional.empty());
    }
}
