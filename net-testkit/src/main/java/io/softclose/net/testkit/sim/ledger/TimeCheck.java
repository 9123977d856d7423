/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.Limits;
import io.softclose.net.testkit.sim.world.LinkEnd;
import io.softclose.net.testkit.sim.world.SimLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * What one end must notice in time while its link takes nothing and tells of nothing: messages that outlive their time,
 * and, if it has a write timeout, a peer that takes nothing. And what it must not notice: a peer that takes or sends
 * something is not silent.
 */
final class TimeCheck {
    /** The longest that a message may wait after its time, a little more than what the engine says. */
    private static final Duration LATE = Duration.ofMillis(60);

    private final LinkEnd link;
    private final OwnStream stream;
    private final Duration writeTimeout;
    private final Duration messageTimeout;
    private final Consumer<String> violated;
    private final PriorityQueue<Sent> mortal = new PriorityQueue<>(Comparator.comparingLong(one -> one.expiresAt));

    TimeCheck(LinkEnd link, OwnStream stream, Limits limits, Consumer<String> violated) {
        this.link = link;
        this.stream = stream;
        writeTimeout = limits.writeTimeout();
        messageTimeout = limits.messageTimeout();
        this.violated = violated;
    }

    void accepted(Sent one) {
        if (one.expiresAt != Sent.NEVER) {
            mortal.add(one);
        }
    }

    /** When nothing is left to do at the present time, of which the loop is not late. */
    void check(long now) {
        long since = Math.max(link.turns().leftSince(), ((SimLoop) link.loop()).awakeSince());
        for (Sent first = mortal.peek(); first != null && first.expiresAt < now; first = mortal.peek()) {
            if (first.outcome == null && !first.started()) {
                if (Math.max(first.expiresAt, since) + LATE.toNanos() < now) {
                    violated.accept("waits " + (now - first.expiresAt) + " ns after its time, on a link that is stuck: "
                            + first);
                }
                return;
            }
            mortal.remove();
        }
    }

    /** When an open connection rests. */
    void checkWriteTimeout(long now) {
        // Looked for four times within it.
        long most = writeTimeout.toNanos() + writeTimeout.toNanos() / 4;
        long since = Math.max(link.turns().leftSince(), ((SimLoop) link.loop()).awakeSince());
        long taken = link.socket().history().lastTakenAt();
        if (most > 0 && now - Math.max(since, Math.max(taken, lastProgress())) > most) {
            violated.accept("open although its peer has taken nothing for " + Duration.ofNanos(now - lastProgress()));
        }
    }

    /**
     * The application was told that the peer takes nothing. A link that is broken takes nothing either, and may not have
     * said so.
     */
    void writeStalled(long now) {
        boolean unseen = link.socket().history().brokenAt() <= now;
        if (writeTimeout.isZero() || (!unseen && now - lastProgress() < writeTimeout.toNanos())) {
            violated.accept("told that nothing was taken, which it was " + (now - lastProgress()) + " ns ago, of "
                    + writeTimeout);
        }
    }

    /** It says that its peer sent nothing in the middle of a message. */
    void foundSilent(long now) {
        long arrived = stream.lastArrivalAt();
        if (now - arrived < messageTimeout.toNanos()) {
            violated.accept("called its peer silent, of whom something had arrived " + (now - arrived) + " ns ago, of "
                    + messageTimeout);
        }
    }

    private long lastProgress() {
        return link.socket().history().lastProgressAt();
    }
}
