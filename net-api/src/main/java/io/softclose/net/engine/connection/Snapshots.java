/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.DisconnectReason;
import io.softclose.net.engine.Nanos;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.CloseSnapshot.LaneSnapshot;
import io.softclose.net.spi.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a close looks like to its policy, each time that this is asked; and since when nothing is left to do. Loop only. */
final class Snapshots {
    private final DisconnectReason reason;
    private final long startedAt;
    private final HeldBack heldBack;
    private final EventLoop loop;
    private final Outbox outbox;
    private final OutcomeBook book;
    private final Writer writer;
    private final Exchanges exchanges;
    private final Intake intake;
    private final long writtenBefore;

    private long idleSince;
    private long endedWhenIdle = -1;

    /**
     * Of a close that starts.
     *
     * @param startedAt on the loop's clock
     * @param heldBack what a shutdown holds back of it meanwhile
     */
    Snapshots(DisconnectReason reason, long startedAt, HeldBack heldBack, Parts parts) {
        this.reason = reason;
        this.startedAt = startedAt;
        this.heldBack = heldBack;
        loop = parts.loop();
        outbox = parts.outbox();
        book = parts.book();
        writer = parts.writer();
        exchanges = parts.exchanges();
        intake = parts.intake();
        writtenBefore = book.written();
        idleSince = startedAt;
    }

    /**
     * Takes one.
     *
     * @param deadlineAt on the loop's clock
     */
    CloseSnapshot take(long deadlineAt, boolean peerEnded) {
        long now = loop.nanoTime();
        // Before the lanes are looked at: what arrives in between would be in neither.
        boolean sealed = outbox.sealed();
        List<LaneSnapshot> lanes = lanes();
        boolean idle = lanes.stream().allMatch(lane -> lane.queuedMessages() == 0) && writer.bytesOnTheWay() == 0;
        if (!idle || endedWhenIdle != book.ended()) {
            idleSince = now;
            endedWhenIdle = book.ended();
        }
        return new CloseSnapshot(
                reason,
                Duration.ofNanos(now - startedAt - heldBack.nanos(now)),
                Duration.ofNanos(Math.max(0, deadlineAt - now)),
                sealed,
                Duration.ofNanos(now - idleSince),
                lanes,
                writer.bytesOnTheWay(),
                book.written() - writtenBefore,
                Duration.ofNanos(now - Nanos.latest(heldBack.restedUntil(now, startedAt), writer.lastProgress())),
                peerEnded,
                owed(),
                exchanges.awaited());
    }

    /** What is held may be requests that came before the close: an answer to them is owed as well. */
    private int owed() {
        int known = exchanges.owed();
        return intake.holdsBytes() && exchanges.mayBeAsked() ? known + 1 : known;
    }

    private List<LaneSnapshot> lanes() {
        List<LaneSnapshot> lanes = new ArrayList<>(outbox.lanes().size());
        for (LaneQueue lane : outbox.lanes()) {
            lanes.add(new LaneSnapshot(lane.lane().name(), book.pending(lanes.size()), lane.usedBytes()));
        }
        return lanes;
    }
}
