/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.RequestAccount;
import io.softclose.net.ReturnedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one node wrote down.
 *
 * @param policy the policy it closes under
 * @param entries its journal
 */
record NodeRecord(AnyPolicy policy, List<Entry> entries) {
    /** As many as a message needs to have a number. */
    private static final int SMALLEST = Integer.BYTES;

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final CloseEnding[] ENDINGS = CloseEnding.values();

    /** Copies the list. */
    NodeRecord {
        entries = List.copyOf(entries);
    }

    void each(Kind kind, Consumer<Entry> action) {
        entries.stream().filter(entry -> entry.kind() == kind).forEach(action);
    }

    long count(Kind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind).count();
    }

    /** The numbers of the messages that its handler had, in order. */
    List<Integer> arrived() {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.ARRIVED)
                .map(entry -> (int) entry.value())
                .toList();
    }

    /** The outcome that an entry names. */
    static Outcome outcome(Entry entry) {
        return OUTCOMES[entry.detail()];
    }

    /** The most that the close asked for may take; empty if the node did not ask. */
    Optional<Duration> deadline() {
        return last(Kind.DEADLINE).map(entry -> Duration.ofNanos(entry.value()));
    }

    /** Its report, if it lived to write one: what it counts, and which numbers it returns. */
    Optional<CloseReport> report() {
        return last(Kind.CLOSED)
                .map(closed -> new CloseReport(
                        1,
                        PeerId.of(new byte[PeerId.LENGTH]),
                        DisconnectReason.REQUESTED_BY_PEER_MANAGER,
                        policy.policy().name(),
                        ENDINGS[closed.detail()],
                        "as written down",
                        Duration.ofNanos(closed.value()),
                        account(),
                        RequestAccount.NONE,
                        returned(),
                        List.of(),
                        0,
                        Optional.empty()));
    }

    private Optional<Entry> last(Kind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind).reduce((earlier, later) -> later);
    }

    private Account account() {
        List<LaneAccount> lanes = new ArrayList<>();
        each(
                Kind.LANE_ACCEPTED,
                lane -> lanes.add(new LaneAccount("lane " + lane.detail(), lane.value(), endedIn(lane.detail()))));
        return new Account(lanes);
    }

    private Map<Outcome, Long> endedIn(int lane) {
        Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
        entries.stream()
                .filter(entry -> entry.kind() == Kind.LANE_ENDED && entry.detail() / 16 == lane)
                .forEach(entry -> ended.put(OUTCOMES[entry.detail() % 16], entry.value()));
        return ended;
    }

    private List<ReturnedMessage> returned() {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.RETURNED)
                .map(entry -> new ReturnedMessage(
                        Cargo.message((int) entry.value(), SMALLEST), outcome(entry), "as written down"))
                .toList();
    }
}
