/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

import static java.util.Objects.requireNonNull;

import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's end of a connection: buffers, window, and TCP's rules of ends and resets, as Linux keeps them.
 *
 * <p>Bytes stay in the send buffer until the peer's kernel has acknowledged them. The peer's receive window is what is
 * free in its buffer, as of the last acknowledgement that has arrived.
 */
public final class SimSocket {
    /** What a segment without payload takes on the way. */
    private static final int NO_PAYLOAD = 0;

    private enum State {
        /** The link has it. To ORPHANED, RESET or DEAD. */
        OPEN,
        /** The link has closed it, and the kernel delivers what is left. To DEAD. */
        ORPHANED,
        /** The peer has reset it; the link may read the rest. To DEAD. */
        RESET,
        /** The kernel knows it no more: whatever comes is answered with a reset, or ignored. */
        DEAD
    }

    private final SimPath out;
    private final SimSockets settings;
    /** Told when there may be more to read or to write, or an error to find. */
    private final Runnable onChange;

    private final SocketHistory history;

    private @Nullable SimSocket peer;
    private State state = State.OPEN;
    private boolean vanished;
    private long lastArrival;
    private @Nullable IOException error;

    private final ByteQueue unsent = new ByteQueue();
    private long mostUnsent = Integer.MAX_VALUE;
    private long accepted;
    private long sent;
    private long acknowledged;
    private long windowEnd;
    private boolean finQueued;
    private boolean finSent;
    /** The peer's kernel is reset when it has got this many bytes of ours; a middlebox at work. */
    private long cutAt = Long.MAX_VALUE;
    /** The peer's kernel finds an end here, and what we send from here on goes to whoever has forged it. */
    private long forgedEndAt = Long.MAX_VALUE;

    private boolean forged;

    private final ByteQueue received = new ByteQueue();
    private long receivedEnd;
    private long advertised;
    private boolean finReceived;
    /** A reset took input with it, so that the end after it cannot be told either. */
    private boolean inputDestroyed;

    public SimSocket(SimPath out, SimSockets settings, Runnable onChange) {
        this.out = out;
        this.settings = settings;
        this.onChange = onChange;
        history = out.newHistory();
        advertised = settings.receiveBuffer();
    }

    /** Both ends know each other and each other's window. */
    public static void join(SimSocket one, SimSocket other) {
        one.peer = other;
        other.peer = one;
        one.windowEnd = other.settings.receiveBuffer();
        other.windowEnd = one.settings.receiveBuffer();
    }

    public SocketHistory history() {
        return history;
    }

    // What the link does.

    /** Decides, by chance, whether a transfer is a short one. */
    public boolean transfersShort(SplittableRandom random) {
        return settings.shortTransfers() > 0 && random.nextDouble() < settings.shortTransfers();
    }

    /** Holds no more than this that it cannot send, and what one segment more takes (TCP_NOTSENT_LOWAT). */
    public void limitUnsent(int bytes) {
        mostUnsent = bytes;
        onChange.run();
    }

    /** Bytes that fit into the send buffer, and may be held. */
    public int room() {
        long most = mostUnsent + out.conditions().segmentBytes() - unsent.size();
        return state == State.OPEN && !finQueued ? (int) Math.max(0, Math.min(free(), most)) : 0;
    }

    private long free() {
        return settings.sendBuffer() - (accepted - acknowledged);
    }

    /**
     * Whether a link that waits to write is told: once a third of the buffer is free, and less than half of what may be held is
     * unsent; or there is an error to find.
     */
    public boolean writable() {
        return state == State.RESET
                || (room() > 0 && 3 * free() >= settings.sendBuffer() && 2L * unsent.size() < mostUnsent);
    }

    /** Takes bytes, at most {@link #room}. */
    public void write(ByteBuffer source, int bytes) {
        unsent.add(source, bytes);
        accepted += bytes;
        history.taken();
        transmit();
    }

    /** The error that a write finds, or null. */
    @Nullable
    public IOException writeError() {
        return state == State.RESET ? error : null;
    }

    /** Bytes that a read finds. */
    public int available() {
        return received.size();
    }

    /** Whether a read finds the peer's end, once nothing else is there. */
    public boolean ended() {
        return finReceived && !inputDestroyed && received.size() == 0;
    }

    /** The error that a read finds, once nothing else is there; null if there is none. */
    @Nullable
    public IOException readError() {
        return state == State.RESET && received.size() == 0 && !ended() ? error : null;
    }

    /** Reads the first bytes of those {@link #available}. */
    public byte[] read(int bytes) {
        byte[] taken = received.take(bytes);
        long edge = windowEdge();
        int enough = Math.min(settings.receiveBuffer() / 2, 2 * out.conditions().segmentBytes());
        if (edge - advertised >= Math.max(1, enough)) {
            acknowledge();
        }
        return taken;
    }

    public void shutdownOutput() {
        if (state == State.OPEN) {
            queueFin();
        }
    }

    /** Closes it for the link. With input unread that is a reset, which discards what was not sent. */
    public void close() {
        if (peer == null) {
            die();
        } else if (state == State.OPEN && received.size() > 0) {
            reset(ResetCause.INPUT_UNREAD);
        } else if (state == State.OPEN) {
            state = State.ORPHANED;
            queueFin();
            endIfDone();
        } else {
            die();
        }
    }

    /** Closes it for the link with a reset. */
    public void abort(ResetCause cause) {
        if (state == State.OPEN && peer != null) {
            reset(cause);
        } else {
            die();
        }
    }

    /** Sends something that is no payload, behind what was sent before: a step of the handshake. */
    public void sendControl(Runnable arrival) {
        send(NO_PAYLOAD, arrival);
    }

    // What faults do.

    /** The peer's kernel sees a reset after this many more bytes of ours, and so does this one. */
    public void cutAfter(long bytes) {
        cutAt = accepted + bytes;
    }

    /**
     * The peer's kernel finds an end after this many more bytes of ours, which this one did not send. What follows arrives
     * nowhere, but is acknowledged: whoever stands on the way, as a relay does, takes it and says nothing.
     */
    public void forgeEndAfter(long bytes) {
        forgedEndAt = Math.min(forgedEndAt, accepted + bytes);
        transmit();
    }

    /** Both kernels see a reset, now. */
    public void cut() {
        arriveReset();
        peer().arriveReset();
    }

    /** Whether nothing that this end sends arrives any more. */
    boolean hasVanished() {
        return vanished;
    }

    /** Nothing that this end sends arrives any more. */
    public void vanish() {
        vanished = true;
    }

    // What arrives.

    private void arrive(byte[] bytes, long end) {
        if (state == State.RESET) {
            return;
        }
        if (state != State.OPEN) {
            // Nobody will ever read this: Linux resets, and discards what it had still to send.
            reset(ResetCause.AFTER_CLOSE);
            return;
        }
        received.add(bytes);
        receivedEnd = end;
        history.arrived();
        acknowledge();
        onChange.run();
    }

    private void arriveAcknowledgement(long upTo, long window) {
        if (upTo > acknowledged) {
            acknowledged = upTo;
            history.peerTookMore();
        }
        windowEnd = Math.max(windowEnd, window);
        if (state == State.OPEN || state == State.ORPHANED) {
            transmit();
            endIfDone();
            onChange.run();
        }
    }

    private void arriveEnd() {
        if (state == State.OPEN || state == State.ORPHANED) {
            finReceived = true;
            history.finReceived();
            endIfDone();
            onChange.run();
        }
    }

    public void arriveReset() {
        if (state == State.OPEN) {
            history.broken();
            state = State.RESET;
            error = finReceived ? new IOException("Broken pipe") : new SocketException("Connection reset");
            unsent.clear();
            if (settings.unreadAfterReset() == SimSockets.UnreadAfterReset.DESTROYED) {
                inputDestroyed = received.size() > 0;
                received.clear();
            }
            onChange.run();
        } else if (state == State.ORPHANED) {
            history.broken();
            die();
        }
    }

    private void queueFin() {
        if (!finQueued) {
            finQueued = true;
            history.finQueued(receivedEnd, received.size());
        }
        transmit();
    }

    private void transmit() {
        forgeEndIfDue();
        while (unsent.size() > 0 && sent < Math.min(windowEnd, cutAt)) {
            long until = Math.min(Math.min(windowEnd, cutAt), forged ? Long.MAX_VALUE : forgedEndAt);
            int most = (int) Math.min(out.conditions().segmentBytes(), until - sent);
            byte[] segment = unsent.take(Math.min(most, unsent.size()));
            sent += segment.length;
            long end = sent;
            boolean passes = !forged;
            send(segment.length, () -> {
                if (passes) {
                    peer().arrive(segment, end);
                } else {
                    arriveAcknowledgement(end, Long.MAX_VALUE);
                }
            });
            forgeEndIfDue();
        }
        if (sent >= cutAt) {
            cutAt = Long.MAX_VALUE;
            send(NO_PAYLOAD, this::cut);
        }
        if (finQueued && !finSent && unsent.size() == 0) {
            finSent = true;
            history.finSent();
            if (!forged) {
                send(NO_PAYLOAD, () -> peer().arriveEnd());
            }
        }
    }

    private void forgeEndIfDue() {
        if (!forged && sent >= forgedEndAt && !finSent) {
            forged = true;
            windowEnd = Long.MAX_VALUE;
            send(NO_PAYLOAD, () -> peer().arriveEnd());
        }
    }

    private void acknowledge() {
        advertised = windowEdge();
        long upTo = receivedEnd;
        long window = advertised;
        send(NO_PAYLOAD, () -> peer().arriveAcknowledgement(upTo, window));
    }

    private long windowEdge() {
        return receivedEnd + settings.receiveBuffer() - received.size();
    }

    private void reset(ResetCause cause) {
        die();
        history.resetSent(cause);
        send(NO_PAYLOAD, () -> peer().arriveReset());
    }

    private void die() {
        state = State.DEAD;
        unsent.clear();
        received.clear();
    }

    private void endIfDone() {
        if (state == State.ORPHANED && finSent && finReceived && acknowledged == accepted) {
            die();
        }
    }

    private void send(int bytes, Runnable arrival) {
        if (!vanished) {
            lastArrival = out.carry(bytes, lastArrival, arrival);
        }
    }

    private SimSocket peer() {
        return requireNonNull(peer, "peer");
    }
}
