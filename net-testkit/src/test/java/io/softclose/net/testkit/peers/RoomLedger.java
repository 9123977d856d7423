/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import io.softclose.net.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who waits for room for a message to a peer, and what must be true of it: told once or taken back, in the order of its lane, and not
 * in vain. Shares nothing with the engine.
 */
final class RoomLedger {
    private final Consumer<String> violated;
    private final List<Waiter> waiting = new ArrayList<>();
    private int waited;
    private long told;
    private long gaveUp;

    /** One that waits. */
    static final class Waiter {
        final Peer at;
        final int lane;
        private final int number;

        private Waiter(Peer at, int lane, int number) {
            this.at = at;
            this.lane = lane;
            this.number = number;
        }

        private boolean isBefore(Waiter other) {
            return at == other.at && lane == other.lane && number < other.number;
        }

        @Override
        public String toString() {
            return "waiter #" + number + " (lane " + lane + ")";
        }
    }

    RoomLedger(Consumer<String> violated) {
        this.violated = violated;
    }

    /** One is about to wait. */
    Waiter begin(Peer at, int lane) {
        Waiter one = new Waiter(at, lane, waited++);
        waiting.add(one);
        return one;
    }

    /** Its action runs. */
    void told(Waiter one) {
        if (!waiting.remove(one)) {
            violated.accept(one + " was told again, or although it had given up");
        }
        waiting.stream()
                .filter(other -> other.isBefore(one))
                .findFirst()
                .ifPresent(other -> violated.accept(one + " was told before " + other));
        told++;
    }

    /** What became of a message of its size that it sent at once. */
    void sent(Waiter one, SendResult result) {
        if (result == SendResult.OUTBOX_FULL) {
            violated.accept(one + " was told of room, and there is none");
        }
    }

    /** It was answered that its action will not run. */
    void gaveUp(Waiter one) {
        if (!waiting.remove(one)) {
            violated.accept(one + " gave up, but it was told");
        }
        gaveUp++;
    }

    /** Those who wait for a peer for whom no message is under way have been told. */
    void checkNobodyWaitsForNothing() {
        for (Waiter one : waiting) {
            PeerAccount account = one.at.account();
            if (account.messages().total().pending() == 0) {
                violated.accept(one + " was not told of room: " + account + ", " + one.at.connection());
            }
        }
    }

    /** The networks have shut down: all have been told. */
    void checkNobodyWaits() {
        if (!waiting.isEmpty()) {
            violated.accept(waiting + " were never told of room");
        }
    }

    /** How many wait. */
    int waiting() {
        return waiting.size();
    }

    long told() {
        return told;
    }

    long gaveUp() {
        return gaveUp;
    }
}
