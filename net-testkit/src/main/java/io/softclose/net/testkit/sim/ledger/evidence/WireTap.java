/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger.evidence;

import io.softclose.net.testkit.sim.link.OutputTap;
import java.nio.ByteBuffer;

/**
 * Follows what a connection writes: which message, request or answer starts where, and ends where, in its link's stream of bytes. Reads the
 * wire by itself, sharing nothing with the engine or its codec.
 */
public final class WireTap implements OutputTap {
    /** Bytes of a frame after which it is known what it carries. */
    private static final int HEAD = 32;

    private static final int LENGTH_BYTES = 4;

    /** Who wants to know. */
    public interface Listener {
        /**
         * The first bytes of a frame are taken, and do not say yet whose it is. If a message starts with it, {@link #starts} follows
         * when more of it is to be seen.
         */
        void begins(long at);

        /** The first byte of a message's first frame is taken. */
        void starts(int sender, int number, long at);

        /** A message's last frame has started, and ends there. */
        void ends(int sender, int number, long at);
    }

    private final Listener listener;
    private final byte[] head = new byte[HEAD];
    private boolean handshake = true;
    /** Where the present frame starts, and how much of it was taken. */
    private long frameStart;

    private long consumed;
    private long length = -1;
    private boolean identified;
    /** Whether it is told that the present frame begins. */
    private boolean begun;

    private int streamSender;
    private int streamNumber;
    private int streamFragments;

    public WireTap(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void offered(ByteBuffer bytes, int taken) {
        int at = 0;
        while (at < taken || (consumed > 0 && !identified)) {
            look(bytes, at);
            long left = length < 0 ? HEAD - consumed : length - consumed;
            int part = (int) Math.min(taken - at, left);
            if (part == 0) {
                break;
            }
            for (int i = 0; i < part && consumed + i < HEAD; i++) {
                head[(int) consumed + i] = bytes.get(at + i);
            }
            consumed += part;
            at += part;
            if (consumed == length) {
                frameStart += length;
                consumed = 0;
                length = -1;
                identified = false;
                begun = false;
                handshake = false;
            }
        }
        if (consumed > 0 && !identified && !begun && !handshake) {
            begun = true;
            listener.begins(frameStart);
        }
    }

    /** Finds out what it can of the present frame, from what was taken of it and what is about to be. */
    private void look(ByteBuffer bytes, int at) {
        int had = (int) Math.min(consumed, HEAD);
        int visible = Math.min(HEAD, had + bytes.limit() - at);
        byte[] seen = head.clone();
        for (int i = had; i < visible; i++) {
            seen[i] = bytes.get(at + i - had);
        }
        if (length < 0 && visible >= LENGTH_BYTES) {
            ByteBuffer prefix = ByteBuffer.wrap(seen);
            length = handshake ? 2 + Short.toUnsignedInt(prefix.getShort()) : LENGTH_BYTES + (long) prefix.getInt();
        }
        if (!identified && length >= 0 && visible >= Math.min(length, HEAD)) {
            identified = true;
            if (!handshake) {
                identify(seen);
            }
        }
    }

    private void identify(byte[] frame) {
        if (frame[4] == 0 && frame[5] != 0) {
            ByteBuffer payload = payload(frame, 6 + fieldsOf(frame[5]));
            int sender = SentPayload.sender(payload);
            int number = SentPayload.number(payload);
            listener.starts(sender, number, frameStart);
            listener.ends(sender, number, frameStart + length);
        } else if (frame[4] == 1 && frame[5] == 0) {
            ByteBuffer payload = payload(frame, 12 + fieldsOf(frame[11]));
            streamSender = SentPayload.sender(payload);
            streamNumber = SentPayload.number(payload);
            streamFragments = Byte.toUnsignedInt(frame[10]);
            listener.starts(streamSender, streamNumber, frameStart);
        } else if (frame[4] == 1 && Byte.toUnsignedInt(frame[10]) == streamFragments) {
            listener.ends(streamSender, streamNumber, frameStart + length);
        }
    }

    /** How many bytes a message of this variant has between the variant and its payload's length. */
    private static int fieldsOf(byte variant) {
        return switch (variant) {
            // A request: protocol, id, priority.
            case 1 -> 6;
            // A response: id, priority.
            case 2 -> 5;
            // A message: protocol, priority.
            default -> 2;
        };
    }

    /** The payload after its length. */
    private static ByteBuffer payload(byte[] frame, int lengthAt) {
        int at = lengthAt;
        while (frame[at] < 0) {
            at++;
        }
        return ByteBuffer.wrap(frame, at + 1, frame.length - at - 1);
    }
}
