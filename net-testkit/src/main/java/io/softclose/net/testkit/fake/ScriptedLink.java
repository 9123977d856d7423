/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.spi.Scheduler;
import io.softclose.net.testkit.fake.FakeLink.EndCall;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link FakeLink} as its test has it: what the test says, what it sees, and what follows for the link's handler. */
abstract class ScriptedLink implements Link {
    final ManualEventLoop loop;
    final SocketAddress localAddress;
    final SocketAddress remoteAddress;
    final Findings findings = new Findings();

    // Accessed only by the loop, and by the test while the loop is not running.
    final LentBuffers lent = new LentBuffers();
    final FakeOutput outbound;
    final FakeInput inbound;
    final OurEnd ourEnd = new OurEnd();
    final LinkLife life = new LinkLife(this::handlerFailed);
    private Scheduler.@Nullable Timer dialTimer;
    private @Nullable Throwable refusal;
    private final Map<String, Supplier<? extends @Nullable Throwable>> broken = new HashMap<>();
    boolean lookAwaited;
    private boolean lends = true;
    private int refusedLends;

    ScriptedLink(ManualEventLoop loop, SocketAddress localAddress, SocketAddress remoteAddress) {
        this.loop = loop;
        this.outbound = new FakeOutput(findings, this::writable);
        this.inbound = new FakeInput(loop, this::isOpen, this::inputHandedOn);
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
    }

    // What the test says.

    /**
     * How many bytes each write takes from now on. A write that leaves some is followed by {@link
     * LinkHandler#onWritable}, unless this is 0; then it is when this changes.
     *
     * @param bytesPerWrite 0 or more, {@link FakeLink#UNLIMITED} at first
     */
    public void takes(long bytesPerWrite) {
        outbound.takes(bytesPerWrite);
    }

    /**
     * How many bytes all writes together take from now on, as a peer's receive window would have it. {@link
     * LinkHandler#onWritable} follows if a write had left some and now there is room.
     *
     * @param bytes 0 or more, {@link FakeLink#UNLIMITED} at first
     */
    public void room(long bytes) {
        outbound.room(bytes);
    }

    /**
     * As {@link #room}, but nothing tells of it: only an attempt to write finds it. Linux does so as long as less than a
     * third of the send buffer is free.
     *
     * @param bytes 0 or more
     */
    public void roomUntold(long bytes) {
        outbound.roomUntold(bytes);
    }

    /**
     * Has a method of the port throw from now on, before it does anything, as a transport with a defect would.
     *
     * @param method its name
     * @param thrown makes an unchecked exception or an error for each call; null for a call that works
     */
    public void breaks(String method, Supplier<? extends @Nullable Throwable> thrown) {
        broken.put(method, thrown);
    }

    /** Mends every method that was broken. */
    public void mended() {
        broken.clear();
    }

    /** Whether there is memory for buffers from now on; without, {@link #lend} throws an {@link OutOfMemoryError}. */
    public void lends(boolean hasMemory) {
        lends = hasMemory;
    }

    /** When taken bytes are flushed from now on, {@link Flushing#AT_ONCE} at first. Those that wait, wait on. */
    public void flushing(Flushing wanted) {
        outbound.flushing(requireNonNull(wanted, "wanted"));
    }

    /**
     * Flushes the first bytes of those that wait for it; {@link LinkHandler#onWritable} follows. Does nothing on a link
     * that is gone.
     *
     * @param most how many at most, 0 or more
     */
    public void flush(long most) {
        if (life.isOpen()) {
            outbound.flush(most);
        }
    }

    /**
     * How many taken bytes the calls of {@link #flush()} hand over from now on, all together; {@link
     * LinkHandler#onWritable} follows each that does. With {@link Flushing#ON_DEMAND}, this is what an attempt to write
     * finds.
     *
     * @param bytes 0 or more, 0 at first
     */
    public void handsOverWhenAsked(long bytes) {
        outbound.handsOverWhenAsked(bytes);
    }

    /**
     * Has the peer send bytes. They are delivered in one piece once the link is up and reads. If our end has closed by
     * then, the peer's kernel is answered with a reset; if it lingers, they are discarded.
     */
    public void read(byte... bytes) {
        ourEnd.peerSends();
        inbound.addBytes(bytes, life::read);
    }

    /** Has the peer end its direction (FIN), after what it has sent. */
    public void inputClosed() {
        inbound.addEnd(() -> life.inputClosed(InputEnd.ENDED));
    }

    /** As {@link #inputClosed}, of a link that is a layer and knows that the peer did not end: {@link InputEnd#CUT_OFF}. */
    public void inputCutOff() {
        inbound.addEnd(() -> life.inputClosed(InputEnd.CUT_OFF));
    }

    /**
     * Breaks the link at once. What the peer has sent and was not delivered is lost, as with a kernel that has received
     * a reset; what waits to be flushed never is.
     */
    public void fail(Throwable cause) {
        end(requireNonNull(cause, "cause"));
    }

    /** Establishes a link whose dial hangs. */
    public void connect() {
        loop.post(() -> {
            if (life.isOpening()) {
                cancelDialTimer();
                life.connected();
                inbound.postDelivery();
            }
        });
    }

    /** Fires {@link LinkHandler#onWritable} without need, which a link may do. */
    public void writable() {
        loop.post(life::writable);
    }

    // What the test sees.

    /** Every byte that was taken, flushed or not. */
    public byte[] written() {
        return outbound.written();
    }

    /** The bytes that the peer has received since this was last asked: those flushed. */
    public byte[] takeReceived() {
        return outbound.takeReceived();
    }

    /** How many bytes were taken and not flushed. */
    public long unflushedBytes() {
        return outbound.unflushedBytes();
    }

    /**
     * Whether the peer has seen our end (FIN): all that was taken is flushed, and the output was shut down and is not held
     * back by a pause or by input that was not handed on; or the link was closed, or lingers.
     */
    public boolean peerSawEnd() {
        return ourEnd.seen(outbound.unflushedBytes() == 0);
    }

    /**
     * Whether our end answered the peer with a reset (RST): the link was aborted, closed with input unread, closed before
     * the peer had sent its last bytes, or lingered with input unread or paused, whose reset comes late. Then nothing tells how much
     * of what was written the peer has read.
     */
    public boolean peerSawReset() {
        return ourEnd.seenReset();
    }

    /** The calls that ended a direction, or both, in order, repeated ones included. */
    public List<EndCall> endCalls() {
        return ourEnd.calls();
    }

    /** Whether the link reads. */
    public Reading reading() {
        return inbound.reading();
    }

    /** Whether the link is up. */
    public boolean isOpen() {
        return life.isOpen();
    }

    /** Whether the handler has had its last event. */
    public boolean isClosed() {
        return life.isClosed();
    }

    /** How many buffers are lent. */
    public int lentBuffers() {
        return lent.count();
    }

    /** How often a buffer was asked for while there was no memory. */
    public int refusedLends() {
        return refusedLends;
    }

    /** What the acceptor of an inbound link threw, if it did. */
    public Optional<Throwable> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Fails if the caller has broken the contract of {@link Link}.
     *
     * @throws AssertionError with every violation, each with the stack of who did it
     */
    public void verify() {
        findings.verify();
    }

    /**
     * Fails if the link is not closed or a lent buffer was not released.
     *
     * @throws AssertionError saying which
     */
    public void verifyNoLeaks() {
        if (!life.isClosed()) {
            throw new AssertionError("link to " + remoteAddress + ": " + life + " (expected: CLOSED)");
        }
        lent.verifyNoneLeft();
    }

    @Override
    public String toString() {
        return "FakeLink[" + localAddress + " to " + remoteAddress + ", " + life + "]";
    }

    // What the transport does.

    void handledBy(LinkHandler linkHandler) {
        life.handledBy(linkHandler);
    }

    void refusedBy(Throwable cause) {
        refusal = cause;
        ourEnd.reset();
        life.leave(cause);
        life.closed();
    }

    void failAfter(Duration timeout) {
        if (life.isOpening()) {
            dialTimer = loop.schedule(
                    timeout.toNanos(),
                    () -> end(
                            new SocketTimeoutException("dial " + remoteAddress + ": not connected within " + timeout)));
        }
    }

    // What follows from both.

    void abort(@Nullable Throwable cause) {
        if (life.isOpen()) {
            ourEnd.reset();
        }
        end(cause);
    }

    void end(@Nullable Throwable cause) {
        if (life.leave(cause)) {
            cancelDialTimer();
            loop.post(life::closed);
        }
    }

    void inputHandedOn() {
        boolean told = ourEnd.inputHandedOn() || lookAwaited;
        lookAwaited = false;
        if (told) {
            writable();
        }
    }

    private void cancelDialTimer() {
        Scheduler.Timer timer = dialTimer;
        if (timer != null) {
            dialTimer = null;
            loop.runNow(timer::cancel);
        }
    }

    private void handlerFailed(Throwable failure) {
        loop.threw(failure);
        abort(failure);
    }

    // What the test has it refuse.

    /** Throws what the test wants a call of this method to throw. */
    void breakIfTold(String method) {
        Supplier<? extends @Nullable Throwable> breakage = broken.get(method);
        Throwable thrown = breakage == null ? null : breakage.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    void requireMemory() {
        if (!lends) {
            refusedLends++;
            throw new OutOfMemoryError("deliberate: the test lets this link lend nothing");
        }
    }
}
