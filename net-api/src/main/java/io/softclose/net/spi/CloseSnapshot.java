/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.DisconnectReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a {@link ClosePolicy} decides on: one connection in the middle of its close.
 *
 * @param reason why the connection closes
 * @param elapsed since the close started, less the time in which the shutdown of the whole network holds this connection's
 *     lower lanes back for the sake of urgent messages of others
 * @param remaining until the deadline; never negative
 * @param sealed whether sends are refused by now: what was accepted is in the lanes, what is being queued just now included
 * @param idle how long nothing has been waiting in any lane or on its way to the operating system; zero while something
 *     is
 * @param lanes what waits in each lane, most urgent first
 * @param bytesOnTheWay bytes of started frames that the operating system has not taken yet
 * @param writtenMessages messages written since the close started
 * @param sinceProgress how long ago the operating system last took bytes, or the close started, or nothing was held back any
 *     more
 * @param peerEnded whether the peer has ended its direction (FIN)
 * @param answersOwed requests of the peer's whose answers have not been given yet; those that have wait in lanes
 * @param answersAwaited requests of ours whose answers have not come yet, those that still wait in lanes included; none
 *     comes from a peer that has ended, so these then fail as they leave
 */
public record CloseSnapshot(
        DisconnectReason reason,
        Duration elapsed,
        Duration remaining,
        boolean sealed,
        Duration idle,
        List<LaneSnapshot> lanes,
        long bytesOnTheWay,
        long writtenMessages,
        Duration sinceProgress,
        boolean peerEnded,
        int answersOwed,
        int answersAwaited) {
    /**
     * What waits in one lane.
     *
     * @param name the lane's name
     * @param queuedMessages messages without an outcome yet, those in a batch or a fragmenter included
     * @param queuedBytes their payload bytes
     */
    public record LaneSnapshot(String name, long queuedMessages, long queuedBytes) {}

    /** Copies the list. */
    public CloseSnapshot {
        lanes = List.copyOf(lanes);
    }

    /** Messages without an outcome yet, over all lanes. */
    public long queuedMessages() {
        return lanes.stream().mapToLong(LaneSnapshot::queuedMessages).sum();
    }

    /** Whether every message that was accepted so far has its outcome. */
    public boolean drained() {
        return queuedMessages() == 0;
    }

    /** Whether no answer is owed or awaited. */
    public boolean answered() {
        return answersOwed == 0 && answersAwaited == 0;
    }

    /** Every lane by index, most urgent first. */
    public List<Integer> allLanes() {
        return IntStream.range(0, lanes.size()).boxed().toList();
    }
}
