/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import io.softclose.net.testkit.fake.FakeLink.EndCall;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a fake link's own direction: which calls asked for it, and what of that the peer gets to see. Confined to the
 * link's loop.
 */
final class OurEnd {
    private final List<EndCall> calls = new ArrayList<>();
    private boolean asked;
    private boolean out;
    private boolean closed;
    private boolean lingers;
    private boolean reset;

    void called(EndCall call) {
        calls.add(call);
    }

    List<EndCall> calls() {
        return List.copyOf(calls);
    }

    /** Our end is to go out, which it does unless input is there that was not handed on, or the link is paused. */
    void ask(boolean allHandedOn) {
        asked = true;
        out |= allHandedOn;
    }

    /** All input has been handed on; true if that lets our end go out. */
    boolean inputHandedOn() {
        boolean goes = asked && !out;
        out |= goes;
        return goes;
    }

    /** Both directions close. */
    void close(boolean inputUnread) {
        closed = true;
        reset |= inputUnread;
    }

    /** What is left of the link reads and discards. */
    void linger(boolean allHandedOn) {
        lingers = true;
        // Without an end of ours, one that had to discard something is reset when its time is over.
        reset |= !allHandedOn && !out;
        out |= allHandedOn;
    }

    void reset() {
        reset = true;
    }

    /** Bytes of the peer's have come: a socket that is closed, and not lingering, answers with a reset. */
    void peerSends() {
        reset |= closed;
    }

    /** Whether nothing may be written any more. */
    boolean asked() {
        return asked;
    }

    /** Whether our end has gone out behind what was taken. */
    boolean out() {
        return out;
    }

    /** Whether the peer sees our end, if it gets everything before it. */
    boolean seen(boolean allFlushed) {
        return !reset && (closed || lingers || (out && allFlushed));
    }

    boolean seenReset() {
        return reset;
    }
}
