/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A link whose loop is seen through another: whoever takes the loop from it has that one. */
final class LinkOnLoop implements Link {
    private final Link link;
    private final EventLoop loop;

    LinkOnLoop(Link link, EventLoop loop) {
        this.link = link;
        this.loop = loop;
    }

    @Override
    public EventLoop loop() {
        return loop;
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
    public long write(ByteBuffer[] sources, int offset, int length) {
        return link.write(sources, offset, length);
    }

    @Override
    public long flushedBytes() {
        return link.flushedBytes();
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
