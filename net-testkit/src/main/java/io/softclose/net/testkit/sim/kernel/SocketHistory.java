/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import org.jspecify.annotations.Nullable;

/** What the kernel did at one end of a connection: facts for whoever judges its owner, told by nobody but the kernel. */
public final class SocketHistory {
    public static final long NEVER = Long.MAX_VALUE;

    /** Why a kernel sent a reset. */
    public enum ResetCause {
        NONE,
        /** Its owner wanted it to. */
        ABORTED,
        /** Its owner closed it with input unread. */
        INPUT_UNREAD,
        /** Something arrived that nobody will ever read. */
        AFTER_CLOSE,
        /** Its owner had lingered for as long as it may, and something had been discarded. */
        LINGERED
    }

    private final SimScheduler scheduler;
    private long lastTakenAt = -1;
    private long lastProgressAt = -1;
    private long lastArrivalAt = -1;
    private long finQueuedAt = NEVER;
    private long receivedBeforeFin;
    private long unreadAtFin;
    private long finSentAt = NEVER;
    private long finReceivedAt = NEVER;
    private long resetSentAt = NEVER;
    private ResetCause resetCause = ResetCause.NONE;
    private long brokenAt = NEVER;
    private long leftAt = NEVER;
    private @Nullable Leaving leaving;
    private long progressBeforeLeft = -1;
    private boolean leftInput;
    private boolean loopDied;
    private long bridged;

    SocketHistory(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    // What the kernel writes down.

    void taken() {
        lastTakenAt = scheduler.now();
    }

    void peerTookMore() {
        lastProgressAt = scheduler.now();
    }

    void arrived() {
        lastArrivalAt = scheduler.now();
    }

    void finQueued(long received, long unread) {
        finQueuedAt = scheduler.now();
        receivedBeforeFin = received;
        unreadAtFin = unread;
    }

    void finSent() {
        finSentAt = scheduler.now();
    }

    void finReceived() {
        finReceivedAt = Math.min(finReceivedAt, scheduler.now());
    }

    void resetSent(ResetCause cause) {
        // What is answered with a reset on a connection that is broken was lost before.
        if (resetCause == ResetCause.NONE && brokenAt == NEVER) {
            resetSentAt = scheduler.now();
            resetCause = cause;
        }
    }

    void broken() {
        brokenAt = Math.min(brokenAt, scheduler.now());
    }

    /** An attempt to write brought something that nothing had told of for so long. */
    public void bridged(long nanos) {
        bridged = Math.max(bridged, nanos);
    }

    /** The loop that served it for its owner has died. */
    public void loopDied() {
        loopDied = true;
    }

    /** Its owner leaves it so, at this time of the owner's, with input left unless everything was handed on. */
    public void left(Leaving how, boolean withInput, long nanos) {
        leftInput = withInput;
        leaving = how;
        leftAt = nanos;
        progressBeforeLeft = lastProgressAt;
    }

    // What can be read there.

    /** When this kernel last took bytes of its owner's; -1 for never. */
    public long lastTakenAt() {
        return lastTakenAt;
    }

    /** When the peer's kernel last acknowledged bytes that it had not before; -1 for never. */
    public long lastProgressAt() {
        return lastProgressAt;
    }

    /** When bytes of the peer's last arrived here; -1 for never. */
    public long lastArrivalAt() {
        return lastArrivalAt;
    }

    /** When its owner ended our direction; {@link #NEVER} if it did not. Our end leaves behind what is to be sent. */
    public long finQueuedAt() {
        return finQueuedAt;
    }

    /** How many of the peer's bytes had arrived by then. */
    public long receivedBeforeFin() {
        return receivedBeforeFin;
    }

    /** How many of these its owner had not read. */
    public long unreadAtFin() {
        return unreadAtFin;
    }

    /** When our end left; {@link #NEVER} if it did not. */
    public long finSentAt() {
        return finSentAt;
    }

    /** When the peer's end arrived; {@link #NEVER} if it has not. */
    public long finReceivedAt() {
        return finReceivedAt;
    }

    /** When this kernel first sent a reset, on a connection that nothing had broken; {@link #NEVER} if it never did. */
    public long resetSentAt() {
        return resetSentAt;
    }

    public ResetCause resetCause() {
        return resetCause;
    }

    /** When the network, or a reset of the peer's, broke the connection at this end; {@link #NEVER} if it did not. */
    public long brokenAt() {
        return brokenAt;
    }

    /** When its owner left it, one way or another; {@link #NEVER} if it did not. */
    public long leftAt() {
        return leftAt;
    }

    /** Whether its owner let it linger. */
    public boolean lingered() {
        return leaving == Leaving.LINGER;
    }

    /** As {@link #lastProgressAt}, when its owner left it. */
    public long progressBeforeLeft() {
        return progressBeforeLeft;
    }

    /** Whether its owner had not been given all that had arrived, or was not done with it. */
    public boolean leftInput() {
        return leftInput;
    }

    /** The longest time for which nothing told of room, while an attempt to write found some. */
    public long bridged() {
        return bridged;
    }

    /** Whether the loop that served it had died while it was open. */
    public boolean hadDeadLoop() {
        return loopDied;
    }
}
