/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.peer.Chronicle;
import io.softclose.bench.chaos.plan.EndPlan;
import io.softclose.bench.lab.Journal.Entry;
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
import java.util.TreeMap;

/** What one end of one connection wrote down, put in order. Filled by one thread, then only read. */
final class EndRecord {
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final CloseEnding[] ENDINGS = CloseEnding.values();
    private static final DisconnectReason[] REASONS = DisconnectReason.values();
    private static final int LANE_FACTOR = 16;

    /** A message's outcome, and when it was told. */
    record Told(int sequence, Outcome outcome, long micros) {}

    /** A message that the handler had, and when. */
    record Arrived(int sequence, long micros) {}

    /** How a connection closed, and when. */
    record Closed(CloseEnding ending, DisconnectReason reason, Duration duration, long micros) {}

    private final EndPlan plan;
    private final List<Integer> accepted = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Arrived> arrived = new ArrayList<>();
    private final List<ReturnedMessage> returned = new ArrayList<>();
    private final List<String> oddities = new ArrayList<>();
    private final Map<Integer, Long> laneAccepted = new TreeMap<>();
    private final Map<Integer, Map<Outcome, Long>> laneEnded = new TreeMap<>();
    private boolean connected;
    private int acceptedLate;
    private long ownEndHeldMicros = Long.MAX_VALUE;
    private long ownEndOutMicros = Long.MAX_VALUE;
    private long dueMicros = Long.MAX_VALUE;
    private DisconnectReason reason = DisconnectReason.REQUESTED_BY_PEER_MANAGER;
    private Optional<Closed> closed = Optional.empty();

    EndRecord(EndPlan plan) {
        this.plan = plan;
    }

    /**
     * Takes the next entry.
     *
     * @param micros when it was written, or up to {@link Chronicle#GRAIN_MICROS} before
     */
    void take(Entry entry, long micros) {
        int detail = entry.detail();
        long value = Chronicle.value(entry);
        switch (entry.kind()) {
            case CONNECTED -> connected = true;
            case ACCEPTED -> accepted.add((int) value);
            case ACCEPTED_LATE -> {
                accepted.add((int) value);
                acceptedLate++;
            }
            case TOLD -> told.add(new Told((int) value, OUTCOMES[detail], micros));
            case ARRIVED -> arrived.add(new Arrived((int) value, micros));
            case DAMAGED -> oddities.add("the handler had a message of " + value + " bytes that nobody sent it");
            case CALLBACK_FAILED -> oddities.add("a callback threw what it was not to throw");
            case STRANGER -> oddities.add("#" + value + " is handed back as another object");
            case LANE_ACCEPTED -> laneAccepted.put(detail, value);
            case LANE_ENDED ->
                laneEnded
                        .computeIfAbsent(detail / LANE_FACTOR, absent -> new EnumMap<>(Outcome.class))
                        .put(OUTCOMES[detail % LANE_FACTOR], value);
            case RETURNED ->
                returned.add(
                        new ReturnedMessage(plan.cargo().message((int) value), OUTCOMES[detail], "as written down"));
            case DEADLINE -> takeDeadline(micros, value);
            case OWN_END_HELD -> ownEndHeldMicros = micros;
            case OWN_END_OUT -> ownEndOutMicros = Math.min(ownEndOutMicros, micros + Chronicle.GRAIN_MICROS);
            case REASON -> reason = REASONS[detail];
            case CLOSED -> closed = Optional.of(new Closed(ENDINGS[detail], reason, Duration.ofNanos(value), micros));
            case TIME, DELAY, LATE ->
                throw new IllegalArgumentException("kind: " + entry.kind() + " (of no connection)");
        }
    }

    /**
     * If there are several closes, the one that is due first counts. What comes before the connection belongs to
     * another one.
     */
    private void takeDeadline(long micros, long nanos) {
        if (connected) {
            dueMicros = Math.min(dueMicros, micros + Chronicle.GRAIN_MICROS + nanos / 1_000);
        }
    }

    EndPlan plan() {
        return plan;
    }

    boolean connected() {
        return connected;
    }

    List<Integer> accepted() {
        return accepted;
    }

    /** How many sends were accepted that began after a call of close had returned. */
    int acceptedLate() {
        return acceptedLate;
    }

    List<Told> told() {
        return told;
    }

    /** The messages that the handler had, in order. */
    List<Arrived> arrived() {
        return arrived;
    }

    /** What must not be, whatever the other end says. */
    List<String> oddities() {
        return oddities;
    }

    /** Whether this end asked for a close. */
    boolean askedToClose() {
        return dueMicros != Long.MAX_VALUE;
    }

    /** When the closes that were asked for are due. */
    long dueMicros() {
        return dueMicros;
    }

    /** The latest moment at which this end's FIN was surely not out; the end of time, if nothing is known. */
    long ownEndHeldMicros() {
        return ownEndHeldMicros;
    }

    /** The earliest moment at which this end's FIN was surely out; the end of time, if nothing is known. */
    long ownEndOutMicros() {
        return ownEndOutMicros;
    }

    /** Empty if the process did not live to tell, or there never was a connection. */
    Optional<Closed> closed() {
        return closed;
    }

    /** The report, under another ending: what it counts, and which messages it returns. */
    CloseReport reportAs(CloseEnding ending) {
        List<LaneAccount> lanes = new ArrayList<>();
        laneAccepted.forEach((lane, count) ->
                lanes.add(new LaneAccount("lane " + lane, count, laneEnded.getOrDefault(lane, Map.of()))));
        return new CloseReport(
                1,
                PeerId.of(new byte[PeerId.LENGTH]),
                reason,
                plan.policy().kind().name(),
                ending,
                "as written down",
                closed.map(Closed::duration).orElse(Duration.ZERO),
                new Account(lanes),
                RequestAccount.NONE,
                returned,
                List.of(),
                0,
                Optional.empty());
    }
}
