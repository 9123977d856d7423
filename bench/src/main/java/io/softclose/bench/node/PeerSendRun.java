/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.bench.ExitCode;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.Peer;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends a number of messages to a peer, whose connections come and go, and waits until each has its outcome. Blocks its thread.
 *
 * @param count how many
 * @param message makes the message of a number, from 0
 * @param timeout the most that all of it may take, from the start on
 * @param closeAfter when to stop, from the start on; null to stop when everything has its outcome
 */
public record PeerSendRun(
        int count,
        IntFunction<Message> message,
        Duration timeout,
        @Nullable Duration closeAfter) {
    /**
     * How a run went.
     *
     * @param accepted how many messages were accepted
     * @param lastSend what the last send answered
     */
    public record Result(int accepted, SendResult lastSend) {}

    /** The exit code of a run that should have sent so many. */
    public static ExitCode exitCode(int count, LastingPeer.End end) {
        if (end.connections() == 0) {
            return ExitCode.NOT_CONNECTED;
        }
        long sent = end.account().messages().count(Outcome.WRITTEN)
                + end.account().messages().count(Outcome.DELIVERED);
        return sent == count && end.unclean() == 0 ? ExitCode.OK : ExitCode.FELL_SHORT;
    }

    /** Sends to the peer. */
    public Result to(Peer peer, LastingPeer lasting) throws InterruptedException {
        Deadline deadline =
                Deadline.after(closeAfter == null || closeAfter.compareTo(timeout) > 0 ? timeout : closeAfter);
        Pending pending = new Pending();
        int accepted = 0;
        SendResult last = SendResult.ACCEPTED;
        while (accepted < count && last.accepted() && deadline.left() > 0) {
            last = send(peer, message.apply(accepted), pending, deadline);
            accepted += last.accepted() ? 1 : 0;
        }
        if (closeAfter == null) {
            pending.awaitNone(deadline);
        } else {
            lasting.awaitClosing(deadline.left());
        }
        return new Result(accepted, last);
    }

    /** Sends as soon as there is room. */
    private static SendResult send(Peer peer, Message next, Pending pending, Deadline deadline)
            throws InterruptedException {
        while (true) {
            SendResult result = pending.send(peer, next, Duration.ofNanos(Math.max(0, deadline.left())));
            if (result != SendResult.OUTBOX_FULL
                    || !RoomLatch.await(action -> peer.onRoom(next, action), deadline.left())) {
                return result;
            }
        }
    }

    /** A time by which something is over. */
    private record Deadline(long at) {
        static Deadline after(Duration time) {
            return new Deadline(System.nanoTime() + time.toNanos());
        }

        /** In nanoseconds; zero or less once it is over. */
        long left() {
            return at - System.nanoTime();
        }
    }

    /** How many messages have no outcome yet. Thread-safe. */
    private static final class Pending implements OutcomeListener {
        private long messages;

        SendResult send(Peer peer, Message message, Duration wait) {
            add(1);
            SendResult result = peer.send(message, this, wait);
            if (!result.accepted()) {
                add(-1);
            }
            return result;
        }

        @Override
        public void ended(Message message, Outcome outcome) {
            add(-1);
        }

        private synchronized void add(int more) {
            messages += more;
            if (messages == 0) {
                notifyAll();
            }
        }

        synchronized void awaitNone(Deadline deadline) throws InterruptedException {
            for (long left = deadline.left(); messages > 0 && left > 0; left = deadline.left()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }
}
