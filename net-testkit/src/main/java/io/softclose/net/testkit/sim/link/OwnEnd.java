/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import io.softclose.net.testkit.sim.kernel.LingeringEnd;
import io.softclose.net.testkit.sim.kernel.SimScheduler;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import org.jspecify.annotations.Nullable;

/**
 * A link's own end: asked for, held back while the link is paused or input has arrived that its handler was not given, and
 * out; or what is left of it while it lingers.
 */
public final class OwnEnd {
    private final SimScheduler scheduler;
    private final SimSocket socket;
    private final LinkInput input;
    private boolean asked;
    private boolean out;
    private boolean heldBack;
    private @Nullable LingeringEnd lingering;

    public OwnEnd(SimScheduler scheduler, SimSocket socket, LinkInput input) {
        this.scheduler = scheduler;
        this.socket = socket;
        this.input = input;
    }

    /** Asks for it. */
    public void ask() {
        asked = true;
    }

    /** Sends it if it was asked for and may go; true if it goes now. */
    public boolean sendIfItMay() {
        boolean goes = asked && !out && input.allHandedOn();
        if (goes) {
            out = true;
            socket.shutdownOutput();
        }
        heldBack |= asked && !out;
        return goes;
    }

    /** Whether it was ever held back. */
    public boolean wasHeldBack() {
        return heldBack;
    }

    public boolean asked() {
        return asked;
    }

    public boolean out() {
        return out;
    }

    public void linger(long now) {
        lingering = new LingeringEnd(scheduler, socket, !input.reads());
        lingering.begin(now);
    }

    public void socketChanged() {
        if (lingering != null) {
            lingering.socketChanged();
        }
    }

    /** What is left of a link that lingers or has lingered; null if it never did. */
    @Nullable
    public LingeringEnd lingering() {
        return lingering;
    }
}
