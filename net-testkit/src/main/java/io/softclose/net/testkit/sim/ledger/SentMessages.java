/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.sim.ledger.evidence.SentPayload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one end of a connection offered to send, in the order of the offers, each with what is known of it. */
public final class SentMessages {
    private final List<Sent> all = new ArrayList<>();
    private final List<Sent> onWire = new ArrayList<>();

    void add(Sent one) {
        all.add(one);
    }

    /** The last byte of one has its place on the wire. */
    void onWire(Sent one) {
        if (one.plain()) {
            onWire.add(one);
        }
    }

    /** Plain messages that are on the wire, in the order of their last bytes. */
    List<Sent> onWire() {
        return onWire;
    }

    public int size() {
        return all.size();
    }

    List<Sent> all() {
        return all;
    }

    /** Whether so many were offered that one has this number. */
    boolean has(int which) {
        return which >= 0 && which < all.size();
    }

    Sent get(int which) {
        return all.get(which);
    }

    /** What is known of this very object; null if it was not offered here. */
    @Nullable
    Sent find(Message message) {
        if (message.size() < SentPayload.LEAST) {
            return null;
        }
        int which = SentPayload.number(message.payload());
        Sent one = has(which) ? get(which) : null;
        return one != null && one.message == message ? one : null;
    }

    /** Whether something is known to have been written. */
    boolean anyWritten() {
        return all.stream().anyMatch(one -> one.outcome == Outcome.WRITTEN);
    }

    /** Of plain messages: requests may be turned away, and answers come too late. */
    List<Sent> writtenAndNotHandled() {
        return all.stream()
                .filter(one -> one.plain() && one.outcome == Outcome.WRITTEN && !one.done)
                .toList();
    }
}
