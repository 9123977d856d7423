/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import io.softclose.net.PeerId;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A link that lets everything pass to another one, for layers that change some of it. Whoever overrides {@link #write}
 * looks at {@link #flushedBytes} too, which counts in the positions of this link's own stream.
 */
public abstract class ForwardingLink implements Link {
    private final Link link;

    /** A link over another one. */
    protected ForwardingLink(Link link) {
        this.link = requireNonNull(link, "link");
    }

    /** The link below. */
    protected final Link link() {
        return link;
    }

    @Override
    public EventLoop loop() {
        return link.loop();
    }

    @Override
    public SocketAddress localAddress() {
        return link.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return link.remoteAddress();
    }

    @Override
    public ByteBuffer lend(int size) {
        return link.lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        link.release(buffer);
    }

    @Override
    public Optional<PeerId> provenPeer() {
        return link.provenPeer();
    }

    @Override
    public int write(ByteBuffer source) {
        return link.write(source);
    }

    @Override
    public long flushedBytes() {
        return link.flushedBytes();
    }

    @Override
    public long outputProgress() {
        return link.outputProgress();
    }

    @Override
    public long inputProgress() {
        return link.inputProgress();
    }

    @Override
    public void reading(Reading reading) {
        link.reading(reading);
    }

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public void limitUnsent(int bytes) {
        link.limitUnsent(bytes);
    }

    @Override
    public boolean allHandedOn() {
        return link.allHandedOn();
    }

    @Override
    public boolean shutdownOutput() {
        return link.shutdownOutput();
    }

    @Override
    public void close() {
        link.close();
    }

    @Override
    public void linger() {
        link.linger();
    }

    @Override
    public void abort() {
        link.abort();
    }
}
