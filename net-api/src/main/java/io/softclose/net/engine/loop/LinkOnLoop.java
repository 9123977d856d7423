/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.loop;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.Link;

/** A link whose loop is seen through another: whoever takes the loop from it has that one. */
public final class LinkOnLoop extends ForwardingLink {
    private final EventLoop loop;

    public LinkOnLoop(Link link, EventLoop loop) {
        super(link);
        this.loop = loop;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }
}
