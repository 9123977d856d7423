/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.Connection;
import io.softclose.net.NetworkException;
import io.softclose.net.testkit.sim.ledger.Ledger;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.scenario.UserCode;
import io.softclose.net.testkit.sim.world.SimExecutor;

/**
 * What a node's network complains of, of peers and of the application, and whether it may: in a simulation both misbehave
 * in known ways only, so any other complaint is a violation.
 */
final class Complaints {
    /** What may legitimately be noticed of a peer that was cut off. */
    private static final String CUT_OFF = "the peer's end cuts off a message";

    /**
     * What a node notices of a peer whose policy discarded a message that was being streamed, and let others follow.
     */
    private static final String GIVEN_UP = "stream header: ";

    /** What is noticed of a peer that does not go on with a message. */
    private static final String UNFINISHED = "message: ";

    /** What is said of one that does go on, but holds the memory that others wait for. */
    private static final String OTHERS_WAIT = " while others wait for memory ";

    private final Ledger ledger;

    Complaints(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A peer is said to have broken the protocol. */
    void ofPeer(Connection connection, String detail) {
        boolean known = detail.equals(CUT_OFF) || detail.startsWith(GIVEN_UP);
        boolean unfinished = detail.startsWith(UNFINISHED);
        LedgerSide side = ledger.sideOf(connection);
        if (unfinished && side != null) {
            side.foundUnfinished(!detail.contains(OTHERS_WAIT));
        } else if (!known) {
            ledger.violated(connection + " says that its peer broke the protocol: " + detail);
        }
    }

    /** A callback of the application's is said to have failed. */
    void ofCallback(Connection connection, Throwable failure) {
        boolean unreadable = failure instanceof NetworkException && failure.getCause() instanceof InternalError;
        LedgerSide side = ledger.sideOf(connection);
        if (unreadable && side != null) {
            side.rare().add(RareState.PAYLOAD_UNREADABLE);
        }
        if (!UserCode.isDeliberate(failure) && !unreadable && !SimExecutor.isRefusal(failure)) {
            ledger.violated(connection + ": a callback failed: " + failure);
        }
    }
}
