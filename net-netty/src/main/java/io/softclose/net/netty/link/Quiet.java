/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkLife;

/**
 * What waits until nothing that has arrived is left to hand on: our end, and whoever asked whether that is so. Confined to
 * the loop.
 */
final class Quiet {
    private final LinkLife life;
    private final LinkInput input;
    private final LinkOutput output;
    private final Runnable sendEnd;
    private boolean asked;
    private boolean isNow;

    /**
     * The quiet of one link.
     *
     * @param sendEnd sends our end if it was asked for and may go out
     */
    Quiet(LinkLife life, LinkInput input, LinkOutput output, Runnable sendEnd) {
        this.life = life;
        this.input = input;
        this.output = output;
        this.sendEnd = sendEnd;
    }

    /** Whether it is; if not, the link's handler is told of room when it is, as {@link Link#allHandedOn} says. */
    boolean now() {
        if (!isNow) {
            asked = true;
            input.whenEmpty(this::reached);
        }
        return isNow && !input.paused();
    }

    /** Has our end go out once all that was taken is flushed, too. */
    void awaitForEnd() {
        if (output.readyToEnd()) {
            input.whenEmpty(this::reached);
        }
    }

    private void reached() {
        if (asked) {
            asked = false;
            isNow = true;
            try {
                life.writable();
            } finally {
                isNow = false;
            }
        }
        if (!input.paused()) {
            sendEnd.run();
        }
    }
}
