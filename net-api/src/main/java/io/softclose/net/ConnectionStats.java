/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.List;

/**
 * What a connection has done so far and how it fares now: a moment's view, of {@link Connection#stats}. The connection's event
 * loop publishes its figures each time it has been at work for the connection, so those that belong together may be of two
 * turns. Times are ages, so they need no clock: zero is now.
 *
 * @param received what has come from the peer
 * @param sent what the operating system has taken
 * @param account what was accepted and how it ended, by lane and outcome
 * @param requests what became of its requests and its peer's
 * @param waiting accepted messages that have no outcome yet, one a lane, most urgent first
 * @param blocked for how long, in all, something waited for the operating system to take it
 * @param stalled for how long the operating system has taken nothing of what waits for it, which says that the peer takes
 *     nothing; zero if nothing waits. Only an attempt to write shows whether it would take some, and to ask for the stats of a
 *     connection that seems stalled has its loop make one: of two looks with some time between them the second tells
 * @param lastHeard when bytes of the peer's last came, or the connection began if none have
 * @param lastProgress when the operating system last took bytes that had waited for it for 10 ms at least, which says that the
 *     peer's end took others; or the connection began if that has never been. Bytes that find room in the operating
 *     system's buffers at once say nothing of the peer
 * @param reading whether what arrives is handed on; if not, because the application pauses or its handlers are full, memory
 *     for unfinished messages is short, or the peer sends more than it may in this time, what the peer has said may not have been heard
 * @param probes what went before all lanes, which the account does not have
 */
public record ConnectionStats(
        Flow received,
        Flow sent,
        Account account,
        RequestAccount requests,
        List<Waiting> waiting,
        Duration blocked,
        Duration stalled,
        Duration lastHeard,
        Duration lastProgress,
        boolean reading,
        Probes probes) {
    /** Copies the list. */
    public ConnectionStats {
        waiting = List.copyOf(waiting);
    }

    /**
     * What went in one direction.
     *
     * @param bytes of the link's stream, handshake and frame heads included; of TLS, what was encrypted
     * @param frames whole ones, after the handshake: a message, one piece of a streamed one, or an error of the protocol
     */
    public record Flow(long bytes, long frames) {}

    /**
     * Requests and answers that went before all lanes.
     *
     * @param made ours, by {@link Connection#probe}
     * @param answered how many of them the peer has answered
     * @param given answers to the peer, by {@link NetworkBuilder#answerProbes}
     */
    public record Probes(long made, long answered, long given) {}

    /**
     * What waits in one lane.
     *
     * @param lane its name
     * @param messages how many
     * @param bytes how long their payloads are together
     */
    public record Waiting(String lane, long messages, long bytes) {}

    /** How many accepted messages have no outcome yet. */
    public long waitingMessages() {
        return account.total().pending();
    }

    /** How many bytes their payloads are. */
    public long waitingBytes() {
        return waiting.stream().mapToLong(Waiting::bytes).sum();
    }
}
