/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.List;

/**
 * What became of a peer's messages so far, and what waits for its next connection: a moment's view, of {@link Peer#stats}. Its parts
 * are read one after the other, while messages flow.
 *
 * @param account over all its connections, and those messages that no connection had
 * @param connected whether there is an open connection that messages go to, or will
 * @param connections how many connections to it have opened, of those that messages may go to, for as long as this network has
 *     known it
 * @param waiting what waits for a connection, one a lane, most urgent first
 * @param longestWait how long one of them has waited without a connection by now, of all its waits the current one; zero if
 *     nothing waits
 */
public record PeerStats(
        PeerAccount account,
        boolean connected,
        long connections,
        List<ConnectionStats.Waiting> waiting,
        Duration longestWait) {
    /** Copies the list. */
    public PeerStats {
        waiting = List.copyOf(waiting);
    }

    /** How many messages wait for a connection. */
    public long waitingMessages() {
        return waiting.stream().mapToLong(ConnectionStats.Waiting::messages).sum();
    }

    /** How many bytes their payloads are. */
    public long waitingBytes() {
        return waiting.stream().mapToLong(ConnectionStats.Waiting::bytes).sum();
    }
}
