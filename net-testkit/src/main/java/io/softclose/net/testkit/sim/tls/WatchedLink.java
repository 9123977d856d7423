/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.tls;

import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;

/** A link over TLS as its owner has it, and a stream that is told what the owner offers. */
final class WatchedLink extends ForwardingLink {
    private final Link link;
    private final SealedStream stream;

    WatchedLink(Link link, SealedStream stream) {
        super(link);
        this.link = link;
        this.stream = stream;
    }

    @Override
    public int write(ByteBuffer source) {
        stream.offered(source.slice());
        return link.write(source);
    }

    @Override
    public boolean shutdownOutput() {
        boolean out = link.shutdownOutput();
        stream.asked();
        return out;
    }
}
