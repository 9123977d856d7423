/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LinkLife;

/**
 * Whether the link below a {@link TlsLink} reads: unless it would bring what cannot be handed on, because whoever is above
 * has paused, or because nothing can be unsealed. The link owns it, and has it look when one of these may have changed. On
 * the loop only.
 */
final class TlsReading {
    private final Link below;
    private final LinkLife life;
    private final TlsClosing closing;
    private final TlsWaits waits;

    private Reading wanted = Reading.RESUMED;
    private Reading belowReads = Reading.RESUMED;

    TlsReading(Link below, LinkLife life, TlsClosing closing, TlsWaits waits) {
        this.below = below;
        this.life = life;
        this.closing = closing;
        this.waits = waits;
    }

    /** Takes down what whoever is above wants; {@link #update} makes the link below do so. */
    void want(Reading reading) {
        wanted = reading;
    }

    /** Whether whoever is above wants to be handed on what arrives. */
    boolean wanted() {
        return wanted == Reading.RESUMED;
    }

    /** The link below reads unless it would bring what cannot be handed on. */
    void update() {
        boolean waiting = closing.leaving() ? waits.tasksRun() : waits.any();
        boolean reads = !waiting && (closing.leaving() || !life.isOpen() || wanted());
        Reading now = reads ? Reading.RESUMED : Reading.PAUSED;
        if (belowReads != now) {
            belowReads = now;
            below.reading(now);
        }
    }
}
