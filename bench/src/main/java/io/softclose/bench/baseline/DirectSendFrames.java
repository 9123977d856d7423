/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.softclose.net.ProtocolId;
import io.softclose.net.wire.FrameHeads;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** AptosNet's frames of one kind of message, read and written with the least code that does it. */
public final class DirectSendFrames {
    /** What every benchmark sends. */
    public static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    /** Variants of MultiplexMessage and NetworkMessage, protocol, priority. */
    private static final int FIELDS = 4;

    private DirectSendFrames() {}

    /** The most bytes that the frame of a payload of this size takes. */
    public static int maxSize(int payloadSize) {
        return FrameHeads.MAX_BYTES + payloadSize;
    }

    /** Writes one frame into a big-endian buffer with room for it. */
    public static void put(ByteBuffer out, byte[] payload) {
        FrameHeads.putDirectSend(out, PROTOCOL, 0, payload.length);
        out.put(payload);
    }

    /**
     * Takes every frame that is there whole.
     *
     * @param in big-endian; left at the first byte of an unfinished frame
     * @param handler given a copy of each payload
     */
    static void takeAll(ByteBuffer in, Consumer<byte[]> handler) {
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt(in.position());
            if (in.remaining() - Integer.BYTES < length) {
                return;
            }
            int end = in.position() + Integer.BYTES + length;
            in.position(in.position() + Integer.BYTES + FIELDS);
            skipUleb128(in);
            byte[] payload = new byte[end - in.position()];
            in.get(payload);
            handler.accept(payload);
        }
    }

    /** Skips every frame that is there whole; says how many those were. Allocates nothing. */
    static int skipAll(ByteBuffer in) {
        int skipped = 0;
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt(in.position());
            if (in.remaining() - Integer.BYTES < length) {
                break;
            }
            in.position(in.position() + Integer.BYTES + length);
            skipped++;
        }
        return skipped;
    }

    private static void skipUleb128(ByteBuffer in) {
        int next = in.get();
        while (next < 0) {
            next = in.get();
        }
    }
}
