/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.link;

import io.softclose.net.nio.loop.LinkSocket;
import io.softclose.net.nio.loop.NioLoop;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LinkLife;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A link's other direction: whether it reads, and what it hands on in one turn, straight from the loop's buffer. It holds
 * nothing: what is not wanted stays with the kernel. Confined to the loop.
 */
final class LinkInput {
    /** Full read buffers handed on in one turn before the loop's other links have theirs. */
    private static final int READS_PER_TURN = 16;

    private final NioLoop loop;
    private final LinkLife life;
    private Reading reading = Reading.RESUMED;
    private boolean ended;

    LinkInput(NioLoop loop, LinkLife life) {
        this.loop = loop;
        this.life = life;
    }

    /** Stops, or goes on. */
    void reading(Reading wanted) {
        reading = wanted;
    }

    boolean paused() {
        return reading == Reading.PAUSED;
    }

    /** Whether the peer's end was handed on. */
    boolean ended() {
        return ended;
    }

    /** Whether there may be more to hand on, and it may be handed on now. */
    boolean wanted() {
        return !paused() && !ended;
    }

    /**
     * Hands on what has arrived, while it fills the buffer and the link still wants it.
     *
     * @param output the end of a socket that can no longer write is none of the peer's
     */
    void handOn(LinkSocket socket, LinkOutput output) throws IOException {
        ByteBuffer buffer = loop.readBuffer();
        long start = loop.nanoTime();
        for (int i = 0; i < READS_PER_TURN && life.isOpen() && wanted(); i++) {
            int count = socket.read(buffer);
            if (count < 0 && !output.failed()) {
                ended = true;
                life.inputClosed(InputEnd.ENDED);
                return;
            }
            if (count <= 0) {
                return;
            }
            boolean filled = !buffer.hasRemaining();
            life.read(buffer.flip());
            if (!filled || loop.sliceIsOver(start)) {
                return;
            }
        }
    }
}
