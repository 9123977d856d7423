/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Message;
import io.softclose.net.NetworkException;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.spi.Link;
import io.softclose.net.wire.FrameHeads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The frames on their way to the operating system: their bytes in one lent buffer, and for each frame where it starts
 * and ends in all that the link was ever given, so that the batch knows of every message whether a byte of it has left.
 * A frame longer than the buffer passes through it in parts. Frames of which no byte was taken can be taken back.
 * Reused from a {@link BatchPool}; loop only.
 */
public final class Batch {
    /** Bytes in one write, when there are as many and nothing may have to overtake them. */
    public static final int BUFFER_SIZE = 128 * 1024;

    /** The least room of a batch. */
    static final int LEAST_ROOM = 4 * 1024;

    /**
     * Most frames in one batch, whatever their size. Room is given back batch by batch: of an outbox that is no longer than
     * by default, a batch is to be a small part, or senders wait while the loop has nothing to do.
     */
    private static final int MAX_FRAMES = 768;

    /** What a batch has that is not open: no bytes of anybody's. */
    private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

    private ByteBuffer buffer = NO_BUFFER;
    private Frame[] frames = new Frame[16];
    private int frameCount;
    private int settled;

    /** Position in the link's stream of the buffer's index 0. */
    private long base;
    /** Buffer index after the last byte that the link took. */
    private int taken;
    /** Position in the link's stream after the last byte that the operating system has. */
    private long flushed;

    /** The message whose frame is being put, from this payload index to that. */
    private @Nullable Message piece;

    private int pieceFrom;
    private int pieceTo;

    /**
     * Starts anew in a lent buffer.
     *
     * @param lent cleared, to be filled from index 0
     * @param streamPosition how many bytes the link was given before
     * @param room for so many bytes
     */
    void open(ByteBuffer lent, long streamPosition, int room) {
        buffer = lent.limit(room);
        base = streamPosition;
        taken = 0;
        flushed = streamPosition;
        frameCount = 0;
        settled = 0;
        piece = null;
    }

    /** The buffer, in which the next byte goes to its position. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Position in the link's stream of the next byte to be put. */
    long end() {
        return base + buffer().position();
    }

    /** How many bytes were put since it was opened or rewound. */
    int bytes() {
        return buffer().position();
    }

    /** Position in the link's stream of the next byte to be taken. */
    long takenEnd() {
        return base + taken;
    }

    /** Whether every byte has been taken. */
    boolean allTaken() {
        return taken == buffer().position();
    }

    /** Whether every frame has been settled. */
    boolean allSettled() {
        return settled == frameCount;
    }

    /**
     * Whether the frame of a payload of this size is to begin here. If it would not end here it waits, unless it comes
     * first: a write that ends with a frame's first bytes ends with a packet of its own for them.
     */
    boolean fits(int payloadSize) {
        ByteBuffer out = buffer();
        return out.position() == 0 || out.remaining() - FrameHeads.MAX_BYTES >= payloadSize;
    }

    /** As {@link #fits}, for a frame of a stream; one that is longer than any batch begins wherever it is its turn. */
    boolean fitsPiece(int payloadSize) {
        return fits(payloadSize) || payloadSize > BUFFER_SIZE - FrameHeads.MAX_BYTES;
    }

    /**
     * Begins a frame at {@link #end}. Its head is put next, then {@link #expect} or {@link #putPayload} tells how long
     * the rest is.
     *
     * @param lane the lane it came from; -1 for none
     * @param element the lane's element that ends with this frame; null if none does
     * @param stream the stream it is part of; null for a whole message
     * @param place its place as of {@link OutcomeBook#place}
     */
    void begin(int lane, @Nullable Object element, @Nullable OutboundStream stream, int place) {
        if (frameCount == frames.length) {
            frames = Arrays.copyOf(frames, 2 * frameCount);
        }
        Frame frame = frames[frameCount];
        if (frame == null) {
            frame = new Frame();
            frames[frameCount] = frame;
        }
        frameCount++;
        frame.lane = lane;
        frame.element = element;
        frame.stream = stream;
        frame.place = place;
        frame.start = end();
        frame.end = frame.start;
    }

    /** The frame begun last ends this many bytes after {@link #end}. */
    void expect(int bytes) {
        frames[frameCount - 1].end = end() + bytes;
    }

    /**
     * Ends the frame begun last with this part of a message's payload: now, as far as there is room, the rest as {@link
     * #goOn} finds more. Whatever a payload throws that cannot be read comes out; then {@link #undo} the frame.
     */
    void putPayload(Message message, int from, int to) {
        expect(to - from);
        ByteBuffer out = buffer();
        if (to - from <= out.remaining() && to == message.size()) {
            message.copyPayload(from, out);
            return;
        }
        piece = message;
        pieceFrom = from;
        pieceTo = to;
        putPiece(message);
    }

    /** Puts as much of the frame begun last as there is room for. */
    private void putPiece(Message message) {
        ByteBuffer out = buffer();
        int limit = out.limit();
        out.limit(out.position() + Math.min(out.remaining(), unput()));
        try {
            pieceFrom += message.copyPayload(pieceFrom, out);
        } finally {
            out.limit(limit);
        }
        if (unput() == 0) {
            piece = null;
        }
    }

    /**
     * Forgets what was put from this position of the link's stream on, of which nothing was taken: one frame, or a
     * part.
     */
    void undo(long start) {
        piece = null;
        buffer().position((int) (start - base));
        while (frameCount > settled && frames[frameCount - 1].start >= start) {
            frameCount--;
        }
    }

    /** Bytes of the frame begun last that are still to be put. */
    int unput() {
        return piece == null ? 0 : pieceTo - pieceFrom;
    }

    /**
     * Goes on with the frame begun last; false if it is not whole yet, or there is no room for another.
     *
     * @throws NetworkException if the rest of its payload cannot be read, which leaves the peer with half a frame
     */
    boolean goOn() {
        ByteBuffer out = buffer();
        Message unfinished = piece;
        if (unfinished != null) {
            if (!out.hasRemaining()) {
                return false;
            }
            try {
                putPiece(unfinished);
            } catch (Throwable unreadable) {
                throw Callbacks.unreadablePayload(unfinished, unreadable);
            }
            if (piece != null) {
                return false;
            }
        }
        return frameCount < MAX_FRAMES && out.remaining() >= FrameHeads.MAX_BYTES;
    }

    /** Gives the link what it has not taken. */
    void write(Link link) {
        int filled = buffer.position();
        int room = buffer.limit();
        buffer.limit(filled).position(taken);
        try {
            link.write(buffer);
        } finally {
            taken = buffer.position();
            buffer.limit(room).position(filled);
        }
    }

    /** Makes room for so many more bytes, once all were taken and flushed. */
    void rewind(int room) {
        base = end();
        taken = 0;
        buffer().clear().limit(room);
        if (allSettled()) {
            frameCount = 0;
        } else {
            Frame unfinished = frames[settled];
            frames[settled] = frames[0];
            frames[0] = unfinished;
            frameCount = 1;
        }
        settled = 0;
    }

    /**
     * The operating system has everything before this position of the link's stream: hands over the frames that are, in
     * order.
     */
    void flushed(long position, Settler settler) {
        flushed = position;
        while (settled < frameCount && frames[settled].end <= position) {
            settleNext(settler);
        }
    }

    /** How far a message has left that ends with this frame or is cut off behind it. */
    Departure departure(Frame frame) {
        return Departure.of(frame.messageStart(), frame.end, takenEnd(), flushed);
    }

    /** How far a stream has left whose last frame has not been put. */
    Departure departure(OutboundStream unfinished) {
        return Departure.of(unfinished.start(), Long.MAX_VALUE, takenEnd(), flushed);
    }

    /** Copies, in order, the first frame of each message of which no byte was taken. */
    List<Frame> untouched() {
        List<Frame> untouched = new ArrayList<>();
        for (int at = settled; at < frameCount; at++) {
            Frame frame = frames[at];
            if (frame.lane >= 0 && frame.first() && departure(frame) == Departure.NONE) {
                untouched.add(frame);
            }
        }
        return untouched;
    }

    /** Hands over, in order, every frame that is left. */
    void abandon(Settler settler) {
        while (settled < frameCount) {
            settleNext(settler);
        }
    }

    /** Hands over a frame; if the settler throws, it stays the next. */
    private void settleNext(Settler settler) {
        settler.settle(frames[settled]);
        settled++;
    }

    /**
     * Takes back frames of which no byte was taken, closes the gaps, and hands over the frames in order. If the settler
     * throws, that frame and those after it stay, and nothing may be written any more.
     *
     * @param which asked about each such frame that carries a message, or a part of one
     */
    void takeBack(Predicate<Frame> which, Settler settler) {
        boolean last = false;
        int kept = settled;
        int at = settled;
        long gap = 0;
        try {
            for (; at < frameCount; at++) {
                Frame frame = frames[at];
                last = frame.start >= takenEnd() && frame.lane >= 0 && which.test(frame);
                int from = (int) Math.max(0, frame.start - base);
                int to = (int) Math.min(buffer().position(), frame.end - base);
                if (last) {
                    settler.settle(frame);
                    gap += to - from;
                } else {
                    moveDown(frame, from, to, gap);
                    keep(at, kept++);
                }
            }
        } finally {
            // If the settler threw, the frames that it was not given stay, though their bytes are of no use any more.
            for (; at < frameCount; at++) {
                keep(at, kept++);
            }
            frameCount = kept;
        }
        buffer().position((int) (buffer().position() - gap));
        if (last) {
            piece = null;
        }
    }

    /** Swaps a frame that stays with one that does not. */
    private void keep(int at, int kept) {
        Frame frame = frames[at];
        frames[at] = frames[kept];
        frames[kept] = frame;
    }

    /** Shifts a frame that stays over the gap that frames before it left. */
    private void moveDown(Frame frame, int from, int to, long gap) {
        if (gap == 0) {
            return;
        }
        ByteBuffer bytes = buffer();
        bytes.put((int) (from - gap), bytes, from, to - from);
        if (frame.stream != null && frame.stream.start() == frame.start) {
            frame.stream.startAt(frame.start - gap);
        }
        frame.start -= gap;
        frame.end -= gap;
    }

    /** Drops references to messages, and to the buffer, which belongs to somebody else from now on. */
    void clear() {
        buffer = NO_BUFFER;
        piece = null;
        for (Frame frame : frames) {
            if (frame != null) {
                frame.element = null;
                frame.stream = null;
            }
        }
    }

    /** Decides on one frame. */
    @FunctionalInterface
    interface Settler {
        void settle(Frame frame);
    }
}
