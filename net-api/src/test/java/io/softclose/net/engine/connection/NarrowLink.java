/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.ForwardingLink;
import java.nio.ByteBuffer;

/** A link that takes only as many bytes as it is given room for, on a loop with timers. */
public final class NarrowLink extends ForwardingLink {
    private final EventLoop loop;
    private long room;
    private boolean owesWritable;

    public NarrowLink(HandLink link, EventLoop loop) {
        super(link);
        this.loop = loop;
    }

    /** Makes room for more bytes; true if the link owes its handler word of that. */
    public boolean widen(long bytes) {
        room += bytes;
        boolean owes = owesWritable && room > 0;
        owesWritable &= !owes;
        return owes;
    }

    /** Takes nothing until there is room again. */
    public void shut() {
        room = 0;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int write(ByteBuffer source) {
        int most = (int) Math.min(room, source.remaining());
        owesWritable |= most < source.remaining();
        ByteBuffer part = source.slice(source.position(), most);
        int taken = super.write(part);
        source.position(source.position() + taken);
        room -= taken;
        return taken;
    }
}
