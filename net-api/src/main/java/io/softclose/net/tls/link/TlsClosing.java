/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * How the two directions of a {@link TlsLink} end, and then the link: our {@code close_notify} goes before our FIN, the
 * peer's before its own or it was cut off, and a link that is closed looks first whether the peer has said anything more.
 * The link owns it, and tells it what happens. On the loop only.
 */
final class TlsClosing {
    /** How long our end may wait to be flushed once the link is closed. */
    private static final long LAST_FLUSH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Link below;
    private final TlsSession session;
    private final LinkLife life;

    private boolean peerEndTold;
    /** The peer's end was none: ours may not say that we have handled all it sent. */
    private boolean cutOff;

    private boolean endAsked;
    private boolean endOut;
    /** Closed to whoever is above, and about to close the link below. */
    private boolean leaving;
    /** Something arrived meanwhile that nobody was given. */
    private boolean unread;

    private Timer lastFlush = () -> {};

    TlsClosing(Link below, TlsSession session, LinkLife life) {
        this.below = below;
        this.session = session;
        this.life = life;
    }

    // The peer's end.

    /** Whether whoever is above knows that the peer has ended, or was cut off. */
    boolean peerEndTold() {
        return peerEndTold;
    }

    /** The peer has said its end, and everything before that was handed on. */
    void peerEnded() {
        tellPeerEnd(InputEnd.ENDED);
    }

    /** The link below has ended: unless the peer had said so, it was cut off. */
    void endedBelow() {
        if (!peerEndTold) {
            cutOff = true;
            tellPeerEnd(InputEnd.CUT_OFF);
        }
    }

    private void tellPeerEnd(InputEnd end) {
        peerEndTold = true;
        life.inputClosed(end);
    }

    // Our end.

    /** Our end is wanted, and goes out once it may. */
    void askEnd() {
        endAsked = true;
    }

    boolean endAsked() {
        return endAsked;
    }

    /** Whether our end was asked for, and is not out. */
    boolean endWaits() {
        return endAsked && !endOut;
    }

    boolean endOut() {
        return endOut;
    }

    /**
     * Sends our end if it may go, then the one of the link below; that alone if the peer was cut off, so that it finds
     * itself cut off, too.
     *
     * @param may whether everything that has arrived was handed on
     * @return whether it is out
     */
    boolean sendEnd(boolean may) throws SSLException, NoBufferException {
        if (!session.endSealed() && !cutOff && may) {
            session.sealEnd();
        }
        session.output().push();
        endOut = (session.endSealed() || cutOff) && session.output().allFlushed();
        if (endOut) {
            below.shutdownOutput();
        }
        return endOut;
    }

    // The link's end.

    /** Whether the link is closed to whoever is above, and what has arrived is still looked at. */
    boolean leaving() {
        return leaving;
    }

    /**
     * The link is closed.
     *
     * @param wasUp whether it was up until then
     * @return whether what has arrived is to be unsealed now, and then the link to {@linkplain #goOnLeaving go on leaving}
     */
    boolean close(boolean wasUp) {
        leaving = wasUp && !session.ended() && !cutOff;
        if (!leaving) {
            leave(below::close);
        }
        return leaving;
    }

    /** The peer has said something since the link was closed. */
    void unread() {
        unread |= leaving;
    }

    /**
     * A link that was closed says its end to a peer that has said nothing more, and resets one that has. Records of the
     * protocol's own are no words of the peer's, so what has arrived must be unsealed first.
     */
    void goOnLeaving() {
        if (!session.ended() && (unread || cutOff || !session.held().isEmpty())) {
            leave(below::abort);
        } else if (session.ended() || peerEndTold || below.allHandedOn()) {
            sayEnd();
        }
    }

    /** What waited before our end for a link that takes nothing waits in vain; our end alone is given a little time. */
    private void sayEnd() {
        SealedOutput output = session.output();
        boolean blocked = !output.allGiven();
        if (!session.ended()) {
            blocked |= !session.sealLastEnd();
            output.push();
            below.flush();
            lastFlush = below.loop().schedule(LAST_FLUSH_NANOS, () -> leave(below::close));
        }
        if (blocked || !output.allGiven() || output.allFlushed()) {
            leave(below::close);
        }
    }

    /** Ends the link below in this way; its {@code onClosed} follows. */
    void leave(Runnable end) {
        left();
        end.run();
    }

    /** The link below is closed, or about to be. */
    void left() {
        leaving = false;
        lastFlush.cancel();
    }
}
