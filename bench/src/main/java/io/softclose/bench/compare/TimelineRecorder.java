/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.net.Account;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Notes how one close goes on, by what every user can see: the connection's state and account, looked at often at first and less
 * often later, and what its policy decides. For one close; thread-safe.
 */
public final class TimelineRecorder {
    private static final long SOONEST_LOOK_NANOS = Duration.ofNanos(100_000).toNanos();
    /** A look is so small a part of the time since the call later than the one before: two thousand are more than half a minute. */
    private static final int PART = 200;

    // Guarded by this.
    private final List<Moment> states = new ArrayList<>();
    private final List<Moment> decisions = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();
    private Optional<CloseReport> report = Optional.empty();
    private long calledAt;

    /** Something that holds from then on. */
    private record Moment(long nanos, String what) {}

    /** The account at a time. */
    private record Look(long nanos, Account account) {}

    /** A policy that decides as this one does, and is noted. */
    ClosePolicy watched(ClosePolicy policy, Limits limits) {
        List<String> lanes =
                policy.lanes(limits).lanes().stream().map(Lane::name).toList();
        return new WatchedPolicy(policy, lanes, this::decided);
    }

    /**
     * Closes and notes everything until the close has ended.
     *
     * @param close what closes the connection
     */
    CompletionStage<CloseReport> record(Connection connection, Supplier<CompletionStage<CloseReport>> close) {
        synchronized (this) {
            states.add(new Moment(0, connection.state().name()));
            looks.add(new Look(0, connection.account()));
            calledAt = System.nanoTime();
        }
        CompletionStage<CloseReport> closed = close.get();
        look(connection.state(), connection.account());
        Thread watcher = new Thread(() -> watch(connection), "softclose-timeline");
        watcher.setDaemon(true);
        watcher.start();
        return closed.thenApply(ended -> {
            ended(ended);
            return ended;
        });
    }

    private void watch(Connection connection) {
        boolean over = false;
        while (!over && !Thread.currentThread().isInterrupted()) {
            over = look(connection.state(), connection.account());
            LockSupport.parkNanos(Math.max(SOONEST_LOOK_NANOS, (System.nanoTime() - calledAt()) / PART));
        }
    }

    private synchronized long calledAt() {
        return calledAt;
    }

    private synchronized boolean look(ConnectionState state, Account account) {
        if (report.isEmpty()) {
            note(states, state.name());
            if (looks.isEmpty() || !looks.get(looks.size() - 1).account().equals(account)) {
                looks.add(new Look(System.nanoTime() - calledAt, account));
            }
        }
        return report.isPresent();
    }

    private synchronized void decided(String what) {
        note(decisions, what);
    }

    private synchronized void ended(CloseReport ended) {
        report = Optional.of(ended);
        long end = ended.duration().toNanos();
        // The report is made on the connection's loop, and heard of a little later than it says.
        states.removeIf(state -> state.nanos() > end || state.what().equals(ConnectionState.CLOSED.name()));
        looks.removeIf(look -> look.nanos() > end);
        states.add(new Moment(end, ConnectionState.CLOSED.name()));
        looks.add(new Look(end, ended.account()));
    }

    private void note(List<Moment> moments, String what) {
        if (moments.isEmpty() || !moments.get(moments.size() - 1).what().equals(what)) {
            moments.add(new Moment(System.nanoTime() - calledAt, what));
        }
    }

    /** The JSON document; none if no close has come to its end. */
    public synchronized Optional<String> json(Cell cell, Origin origin) {
        return report.map(ended -> Json.object(json -> {
            origin.write(json);
            json.writeObjectFieldStart("timeline");
            json.writeStringField("transport", cell.transport());
            json.writeStringField("policy", cell.policy());
            json.writeStringField("scenario", cell.scenario().name());
            json.writeStringField("reader", cell.reader().label());
            Comparison.writeConditions(json, cell);
            json.writeStringField("ending", ended.ending().name());
            json.writeNumberField("closeMillis", Json.millis(ended.duration()));
            write(json, "states", "state", states);
            write(json, "decisions", "decision", decisions);
            json.writeArrayFieldStart("lanes");
            for (int lane = 0; lane < ended.account().lanes().size(); lane++) {
                writeLane(json, lane, ended.account().lanes().get(lane));
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static void write(JsonGenerator json, String list, String name, List<Moment> moments) throws IOException {
        json.writeArrayFieldStart(list);
        for (Moment moment : moments) {
            json.writeStartObject();
            json.writeNumberField("atMillis", millis(moment.nanos()));
            json.writeStringField(name, moment.what());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeLane(JsonGenerator json, int index, LaneAccount lane) throws IOException {
        long before = looks.get(0).account().lanes().get(index).count(Outcome.WRITTEN);
        json.writeStartObject();
        json.writeStringField("lane", lane.lane());
        json.writeNumberField("accepted", lane.accepted());
        Json.outcomes(json, lane.outcomes());
        json.writeArrayFieldStart("course");
        for (int at = 0; at < looks.size(); at++) {
            LaneAccount now = looks.get(at).account().lanes().get(index);
            boolean ends = at == 0 || at == looks.size() - 1;
            if (ends || !now.equals(looks.get(at - 1).account().lanes().get(index))) {
                json.writeStartObject();
                json.writeNumberField("atMillis", millis(looks.get(at).nanos()));
                json.writeNumberField("written", now.count(Outcome.WRITTEN) - before);
                json.writeNumberField("pending", now.pending());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static double millis(long nanos) {
        return Json.millis(Duration.ofNanos(Math.max(0, nanos)));
    }
}
