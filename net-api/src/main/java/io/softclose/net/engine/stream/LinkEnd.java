/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.spi.Link;

/**
 * The link as the intake moves it: whether it reads, and how it is left. Our end says that all input was handled, so
 * whoever leaves says whether it was. Loop only.
 */
final class LinkEnd {
    private final Link link;
    private boolean paused;
    private boolean endAsked;
    private boolean endOut;

    LinkEnd(Link link) {
        this.link = link;
    }

    /** Stops reading, or goes on. */
    void pause(boolean pauses) {
        if (pauses != paused) {
            paused = pauses;
            link.reading(pauses ? Link.Reading.PAUSED : Link.Reading.RESUMED);
        }
    }

    /** Says our end; whether it is out. The link may say it later by itself, see {@link #endOwed}. */
    boolean shutdownOutput() {
        endAsked = true;
        endOut = link.shutdownOutput();
        return endOut;
    }

    /** Whether the link is to say our end as soon as it has handed on all there is, unless it is paused. */
    boolean endOwed() {
        return endAsked && !endOut;
    }

    /** Closes the link: with an end of ours only if everything that has come was handled, else with a reset. */
    void close(boolean allHandled) {
        if (allHandled) {
            link.close();
        } else {
            link.abort();
        }
    }

    /** Leaves the link to linger: with an end of ours only if everything that has come was handled. */
    void linger(boolean allHandled) {
        if (!allHandled) {
            link.reading(Link.Reading.PAUSED);
        }
        link.linger();
    }
}
