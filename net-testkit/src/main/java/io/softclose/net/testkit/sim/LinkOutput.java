/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What one link lends and takes, and how much of that its kernel has: at once, or later. */
final class LinkOutput {
    private final SimSocket socket;
    private final SimSockets settings;
    private final SplittableRandom random;
    private final SimBuffers buffers;
    private final @Nullable LaterOutput later;
    private @Nullable OutputTap tap;
    private long taken;

    LinkOutput(
            SimScheduler scheduler,
            SplittableRandom random,
            SimSocket socket,
            SimSockets settings,
            SimBuffers buffers,
            LaterOutput.Events events) {
        this.socket = socket;
        this.settings = settings;
        this.random = random;
        this.buffers = buffers;
        later = LaterOutput.wanted(settings) ? new LaterOutput(scheduler, random, socket, settings, events) : null;
    }

    SimBuffers buffers() {
        return buffers;
    }

    void tap(OutputTap wanted) {
        tap = wanted;
    }

    /** Takes what it can. */
    int take(ByteBuffer source) {
        int room = later == null ? socket.room() : later.room();
        int most = room > 1 && settings.transfersShort(random) ? 1 + random.nextInt(room) : room;
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
    boolean worthTelling() {
        return later == null ? socket.writable() : later.room() > 0;
    }

    /** Tries to hand over what was taken. */
    void attempt() {
        if (later != null) {
            later.attempt();
        }
    }

    long taken() {
        return taken;
    }

    long flushed() {
        return later == null ? taken : later.flushed();
    }

    boolean flushesLater() {
        return later != null;
    }

    boolean allFlushed() {
        return later == null || later.allFlushed();
    }

    /** Everything up to here is told to be flushed. */
    void told(long upTo) {
        if (later != null) {
            later.told(upTo);
        }
    }

    void socketChanged() {
        if (later != null) {
            later.socketChanged();
        }
    }

    /** Whether the writers' buffers still hold what was taken from them. */
    boolean unchanged() {
        return later == null || later.unchanged();
    }

    /** The link ends. */
    void end(boolean mayHandOver) {
        if (later != null) {
            later.end(mayHandOver);
        }
    }
}
