/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.connectivity;

import java.time.Duration;
import java.util.Optional;

/**
 * How a network stands with one trusted peer, as its {@link ConnectivityManager} last saw it.
 *
 * @param state whether there is a connection, or what is done for one
 * @param failures how often in a row the peer was not reached, or lost too soon
 * @param nextDial in how long it is dialled at the earliest, if it waits for that; zero if only for a look of the manager's, or
 *     for a place among the outbound ones
 * @param lastFailure what became of the last of those failures, for people to read; empty if there is none
 */
public record PeerConnectivity(State state, int failures, Duration nextDial, Optional<String> lastFailure) {
    /** What there is. */
    public enum State {
        /** No connection, and no address to dial. It may dial us. */
        NO_ADDRESS,
        /** No connection. It is dialled when the time has come. */
        WAITING,
        /** A connection is on its way, dialled by whomever. */
        DIALING,
        /** A connection is open, whoever dialled. */
        CONNECTED
    }
}
