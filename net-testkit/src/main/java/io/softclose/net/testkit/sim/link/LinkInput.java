/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.link;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;

/** What one link reads from its kernel and hands on, and whether it does. */
public final class LinkInput {
    private final SplittableRandom random;
    private final SimSocket socket;
    private final SimSockets settings;
    private final ObjLongConsumer<String> trace;
    private boolean reads = true;
    private boolean toldEnd;
    private long handedOn;

    public LinkInput(SplittableRandom random, SimSocket socket, SimSockets settings, ObjLongConsumer<String> trace) {
        this.random = random;
        this.socket = socket;
        this.settings = settings;
        this.trace = trace;
    }

    public void reading(Reading wanted) {
        reads = wanted == Reading.RESUMED;
    }

    public boolean reads() {
        return reads;
    }

    /** Whether the handler was told of the peer's end. */
    public boolean toldEnd() {
        return toldEnd;
    }

    /** How many bytes the handler was given. */
    public long handedOn() {
        return handedOn;
    }

    /** Whether there is something to be read: bytes, the end, or an error. */
    public boolean due() {
        return reads && !toldEnd && (socket.available() > 0 || socket.ended() || socket.readError() != null);
    }

    /** Whether all that has arrived was handed on, the peer's end included, to an owner who does not pause. */
    public boolean allHandedOn() {
        return reads && socket.available() == 0 && (toldEnd || !socket.ended());
    }

    /** Whether bytes have arrived that were not handed on, or to an owner who pauses. */
    public boolean leavesBytes() {
        return !reads || socket.available() > 0;
    }

    /** Hands on some of what has arrived, or the end that follows it. */
    public void handOn(LinkLife life) {
        int available = socket.available();
        if (available > 0) {
            int most = Math.min(available, settings.readBytes());
            int bytes = most > 1 && socket.transfersShort(random) ? 1 + random.nextInt(most) : most;
            trace.accept("reads", bytes);
            byte[] data = socket.read(bytes);
            handedOn += bytes;
            life.read(ByteBuffer.wrap(data));
            // Valid during the call only: whoever kept it finds other bytes.
            Arrays.fill(data, (byte) 0xA5);
        } else if (socket.ended()) {
            toldEnd = true;
            trace.accept("reads the end", 0);
            life.inputClosed(InputEnd.ENDED);
        }
    }
}
