/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what is written next. Loop only.
 *
 * <p>Lanes are asked in order, most urgent first. While the connection is open, a lane that has sent its burst gives one
 * message's turn to the lanes below it; if that takes more than the burst, the next burst is as much longer. Within a
 * lane, whole messages and fragments take turns by bytes, so that neither waits for the other's end; while draining, a
 * started stream comes first. Only one stream may be under way on the wire, whichever lane it came from: if a more
 * urgent lane has a large message waiting, the stream is finished with that lane's urgency; while draining, after that
 * lane's whole messages.
 */
final class Dispatcher {
    /** What a choice means. */
    enum Choice {
        /** Start the lane's oldest whole message. */
        WHOLE,
        /** Start the stream of the lane's oldest large message. */
        STREAM,
        /** Go on with the stream under way. */
        FRAGMENT,
        /** Nothing may go. */
        NOTHING
    }

    private final List<LaneQueue> lanes;
    /** Bytes that each lane has sent since it last gave way; negative if it is owed some. */
    private final long[] spent;

    private int[] order;
    private boolean draining;
    /** Bytes that whole messages may still send before the next fragment. */
    private long wholeTurn;
    /** Bytes that whole messages of the most urgent lane may send before another choice can be due. */
    private long run;

    private Choice choice = Choice.NOTHING;
    private int lane;
    /** Bit i: lane i gave way to the last choice. There are 64 lanes at most. */
    private long gaveWay;

    Dispatcher(List<LaneQueue> lanes) {
        this.lanes = lanes;
        spent = new long[lanes.size()];
        order = IntStream.range(0, lanes.size()).toArray();
    }

    /** From now on only these lanes start messages, strictly in this order; says whether that is news. */
    boolean drain(List<Integer> laneOrder) {
        int[] next = laneOrder.stream().mapToInt(Integer::intValue).toArray();
        boolean news = !draining || !Arrays.equals(order, next);
        order = next;
        draining = true;
        run = 0;
        return news;
    }

    /**
     * Chooses; {@link #lane} tells whose turn it is. Nothing changes before {@link #sent}: what was chosen may be left.
     *
     * @param stream the stream under way, if there is one
     */
    Choice next(@Nullable OutboundStream stream) {
        int streamLane = stream == null ? -1 : urgencyOf(stream);
        gaveWay = 0;
        for (int at = 0; at < order.length; at++) {
            lane = order[at];
            choice = choiceIn(lane, stream, streamLane);
            if (choice != Choice.NOTHING && !givesWay(at, stream, streamLane)) {
                run = at == 0 && choice == Choice.WHOLE && stream == null ? untilGivingWay() : 0;
                return choice;
            }
        }
        run = 0;
        choice = Choice.NOTHING;
        if (stream != null && streamLane < 0) {
            // Its lane may start nothing more, but what has started is finished.
            lane = stream.lane();
            choice = Choice.FRAGMENT;
        }
        return choice;
    }

    /**
     * Whether {@link #next} would choose the same lane once more if nothing but a whole message is {@linkplain
     * LaneQueue#pollNext next} there: none is more urgent, and it need not give way. False if that takes a closer look.
     */
    boolean goesOn() {
        return run > 0;
    }

    /**
     * Whether {@link #next} would choose a whole message of the same lane once more, if it has one. False if that takes a
     * closer look.
     *
     * @param stream the stream under way, if there is one
     */
    boolean again(@Nullable OutboundStream stream) {
        if (choice != Choice.WHOLE || stream != null || gaveWay != 0) {
            return false;
        }
        for (int candidate : order) {
            LaneQueue queue = lanes.get(candidate);
            if (queue.ready(Form.STREAMED)) {
                return false;
            }
            if (candidate == lane) {
                return draining || spent[lane] < queue.lane().burstBytes();
            }
            if (queue.ready(Form.WHOLE)) {
                return false;
            }
        }
        return false;
    }

    /** How many bytes the lane chosen may send before it gives way, or fewer. */
    private long untilGivingWay() {
        return draining ? Long.MAX_VALUE : lanes.get(lane).lane().burstBytes() - Math.max(0, spent[lane]);
    }

    /** Whether {@link #next} would choose something. */
    boolean ready(@Nullable OutboundStream stream) {
        int streamLane = stream == null ? -1 : urgencyOf(stream);
        for (int candidate : order) {
            if (choiceIn(candidate, stream, streamLane) != Choice.NOTHING) {
                return true;
            }
        }
        return stream != null && streamLane < 0;
    }

    /** The lane of the last choice. */
    int lane() {
        return lane;
    }

    /** Accounts for what became of the last choice: a message, or a stream's first or next chunk, of this many bytes. */
    void sent(int bytes) {
        spent[lane] += bytes;
        run -= bytes;
        for (long left = gaveWay; left != 0; left &= left - 1) {
            int owed = Long.numberOfTrailingZeros(left);
            spent[owed] = -Math.max(0, bytes - lanes.get(owed).lane().burstBytes());
        }
        wholeTurn = choice == Choice.WHOLE ? wholeTurn - bytes : bytes;
    }

    /** Whether a lane that has sent its burst lets a waiting one below it have a turn. */
    private boolean givesWay(int at, @Nullable OutboundStream stream, int streamLane) {
        int mine = order[at];
        if (draining || spent[mine] < lanes.get(mine).lane().burstBytes()) {
            return false;
        }
        for (int below = at + 1; below < order.length; below++) {
            if (choiceIn(order[below], stream, streamLane) != Choice.NOTHING) {
                gaveWay |= 1L << mine;
                return true;
            }
        }
        return false;
    }

    private Choice choiceIn(int candidate, @Nullable OutboundStream stream, int streamLane) {
        LaneQueue queue = lanes.get(candidate);
        boolean whole = queue.ready(Form.WHOLE);
        Choice streamChoice = Choice.NOTHING;
        if (stream != null && candidate == streamLane) {
            streamChoice = Choice.FRAGMENT;
        } else if (stream == null && queue.ready(Form.STREAMED)) {
            streamChoice = Choice.STREAM;
        }
        if (streamChoice != Choice.NOTHING && (!whole || streamFirst(candidate, stream))) {
            return streamChoice;
        }
        return whole ? Choice.WHOLE : Choice.NOTHING;
    }

    /** Whether a lane's stream, or the one whose end it waits for, goes before the lane's whole messages. */
    private boolean streamFirst(int candidate, @Nullable OutboundStream stream) {
        return (draining && stream != null) ? stream.lane() == candidate : wholeTurn <= 0;
    }

    /**
     * The lane whose turn a stream shares: its own, or a more urgent one that waits for the stream to end; -1 if neither
     * may start messages, and the stream's turn comes after all that may.
     */
    private int urgencyOf(OutboundStream stream) {
        for (int candidate : order) {
            if (candidate == stream.lane() || lanes.get(candidate).ready(Form.STREAMED)) {
                return candidate;
            }
        }
        return -1;
    }
}
