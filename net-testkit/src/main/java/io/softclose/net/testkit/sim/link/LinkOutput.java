/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.kernel.SimScheduler;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What one link lends and takes, and how much of that its kernel has: at once, or later. */
public final class LinkOutput {
    private final SimSocket socket;
    private final SplittableRandom random;
    private final SimBuffers buffers;
    private final @Nullable LaterOutput later;
    private @Nullable OutputTap tap;
    private long taken;

    public LinkOutput(
            SimScheduler scheduler,
            SplittableRandom random,
            SimSocket socket,
            SimSockets settings,
            SimBuffers buffers,
            LaterOutput.Events events) {
        this.socket = socket;
        this.random = random;
        this.buffers = buffers;
        later = LaterOutput.wanted(settings) ? new LaterOutput(scheduler, random, socket, settings, events) : null;
    }

    public SimBuffers buffers() {
        return buffers;
    }

    public void tap(OutputTap wanted) {
        tap = wanted;
    }

    /** Takes what it can. */
    public int take(ByteBuffer source) {
        int room = later == null ? socket.room() : later.room();
        int most = room > 1 && socket.transfersShort(random) ? 1 + random.nextInt(room) : room;
        int part = Math.min(source.remaining(), most);
        if (tap != null) {
            tap.offered(source.slice(), part);
        }
        buffers.used(source, source.position() + part);
        if (part > 0 && later == null) {
            socket.write(source, part);
        } else if (part > 0 && later != null) {
            later.take(source, part);
        }
        taken += part;
        return part;
    }

    /** Whether a writer that was left waiting is to be told. */
    public boolean worthTelling() {
        return later == null ? socket.writable() : later.room() > 0;
    }

    /** Tries to hand over what was taken. */
    public void attempt() {
        if (later != null) {
            later.attempt();
        }
    }

    public long taken() {
        return taken;
    }

    public long flushed() {
        return later == null ? taken : later.flushed();
    }

    public boolean flushesLater() {
        return later != null;
    }

    public boolean allFlushed() {
        return later == null || later.allFlushed();
    }

    /** Everything up to here is told to be flushed. */
    public void told(long upTo) {
        if (later != null) {
            later.told(upTo);
        }
    }

    public void socketChanged() {
        if (later != null) {
            later.socketChanged();
        }
    }

    /** Whether the writers' buffers still hold what was taken from them. */
    public boolean unchanged() {
        return later == null || later.unchanged();
    }

    /** The link ends. */
    public void end(boolean mayHandOver) {
        if (later != null) {
            later.end(mayHandOver);
        }
    }
}
