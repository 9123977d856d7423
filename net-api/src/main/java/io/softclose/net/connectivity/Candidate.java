/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.connectivity;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.connectivity.PeerConnectivity.State;
import io.softclose.net.spi.Scheduler.Timer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A trusted peer: where it may be reached, and how that went so far. Confined to the manager's loop. */
final class Candidate {
    private static final int MOST_DOUBLINGS = 62;

    private final ConnectivitySettings settings;
    private List<SocketAddress> addresses = List.of();
    private int nextAddress;

    /** The connection that was seen last, on its way or open; null if its end has been taken note of. */
    private @Nullable Connection connection;

    /** That connection, if the manager dialled it. */
    private @Nullable Connection ownDial;

    /** When that was first seen open. */
    private @Nullable Long openSince;

    /** The timer of the next dial, if it is due before the next look. */
    private @Nullable Timer timer;

    private int failures;
    private long dueAt;
    private Optional<String> lastFailure = Optional.empty();

    /** One that may be dialled at once. */
    Candidate(ConnectivitySettings settings, long now) {
        this.settings = settings;
        dueAt = now;
    }

    /** Where it may be reached. Other addresses than before begin anew: the failures were the old ones'. */
    void addresses(List<SocketAddress> known, long now) {
        if (!known.equals(addresses)) {
            addresses = known;
            nextAddress = 0;
            failures = 0;
            dueAt = now;
            cancelTimer();
        }
    }

    boolean hasAddress() {
        return !addresses.isEmpty();
    }

    /** The address whose turn it is; the next one's is next time. */
    SocketAddress takeAddress() {
        SocketAddress address = addresses.get(nextAddress % addresses.size());
        nextAddress = (nextAddress + 1) % addresses.size();
        return address;
    }

    /** Takes note of how its connection fares. */
    void seen(@Nullable Connection present, long now) {
        Connection before = connection;
        if (before != null && before != present) {
            // One that another has taken the place of is not missed.
            if (present == null && before.state().closing()) {
                lost(before, now);
            }
            openSince = null;
            ownDial = null;
        }
        connection = present;
        if (present != null) {
            cancelTimer();
            if (openSince == null && present.state() == ConnectionState.OPEN) {
                openSince = now;
            }
            if (isStable(now)) {
                forgetFailures();
            }
        }
    }

    private void lost(Connection gone, long now) {
        if (isStable(now)) {
            forgetFailures();
            dueAt = now;
        } else if (!wasDuplicate(gone)) {
            failed(whyLost(gone), now);
        }
    }

    private static boolean wasDuplicate(Connection gone) {
        CompletableFuture<CloseReport> closed = gone.closed().toCompletableFuture();
        return closed.isDone() && closed.join().reason() == DisconnectReason.DUPLICATE_CONNECTION;
    }

    private boolean isStable(long now) {
        return openSince != null && now - openSince >= settings.stableAfter().toNanos();
    }

    private void forgetFailures() {
        failures = 0;
        lastFailure = Optional.empty();
    }

    private static String whyLost(Connection gone) {
        String[] why = {gone + ": ended before it was open"};
        // Runs here and now if it is known whether it was ever open.
        var unused = gone.opened()
                .whenComplete((opened, failure) ->
                        why[0] = failure == null ? gone + ": lost too soon" : String.valueOf(failure.getMessage()));
        return why[0];
    }

    /** It was not reached, or lost too soon: it is dialled again later than after the failure before. */
    void failed(String why, long now) {
        failures++;
        lastFailure = Optional.of(why);
        dueAt = now + backoffNanos();
    }

    private long backoffNanos() {
        long most = settings.maxBackoff().toNanos();
        long first = settings.firstBackoff().toNanos();
        int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
        return first > most >> doublings ? most : first << doublings;
    }

    /** Whether it is connected, or a connection is on its way. */
    boolean isConnected() {
        return connection != null;
    }

    /** The connection that the manager has just dialled. */
    void dialled(Connection made) {
        connection = made;
        ownDial = made;
    }

    /** The manager's own dial that is on its way; null if there is none. */
    @Nullable
    Connection dialOnItsWay() {
        Connection own = ownDial;
        return own != null && isOnItsWay(own) ? own : null;
    }

    private static boolean isOnItsWay(Connection connection) {
        return connection.state().compareTo(ConnectionState.OPEN) < 0;
    }

    int failures() {
        return failures;
    }

    /** When it is dialled at the earliest. */
    long dueAt() {
        return dueAt;
    }

    boolean hasTimer() {
        return timer != null;
    }

    void timer(Timer set) {
        timer = set;
    }

    /** Its timer has fired, or is to fire no more. */
    void cancelTimer() {
        Timer set = timer;
        if (set != null) {
            timer = null;
            set.cancel();
        }
    }

    /** How it stands. */
    PeerConnectivity view(long now) {
        return new PeerConnectivity(
                state(),
                failures,
                Duration.ofNanos(connection == null && hasAddress() ? Math.max(0, dueAt - now) : 0),
                lastFailure);
    }

    private State state() {
        Connection present = connection;
        if (present != null) {
            return isOnItsWay(present) ? State.DIALING : State.CONNECTED;
        }
        return hasAddress() ? State.WAITING : State.NO_ADDRESS;
    }
}
