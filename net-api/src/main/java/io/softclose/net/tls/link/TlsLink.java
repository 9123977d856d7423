/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static java.util.Objects.requireNonNull;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.log.Log;
import io.softclose.net.spi.ForwardingLink;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.spi.Scheduler.Timer;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A link to whoever is above, and the handler of the link below, which carries records. It is up once the handshake is
 * done and the peer is who it may be. docs/tls.md says how data flows, and which states there are.
 */
public final class TlsLink extends ForwardingLink implements LinkHandler {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Link below;
    private final LinkOwner owner;
    private final TlsSession session;
    private final LinkLife life = new LinkLife(failure -> broken("its handler", failure));
    private final TlsClosing closing;
    private final TlsWaits waits;
    private final TlsReading input;
    private final TlsAwaited awaited;

    // Confined to the loop.
    private Optional<PeerId> peer = Optional.empty();
    private boolean receiving;
    /** Whether any of the peer's own words came: only then is it sure that it has taken us for who we are. */
    private boolean heard;

    /** How many writes found no memory while the peer had left nothing waiting. */
    private long keptForMemory;
    /** How many bytes of records have come. */
    private long arrived;

    private Timer handshakeTimer = () -> {};

    public TlsLink(Link below, SSLEngine engine, LinkOwner owner) {
        super(below);
        this.below = below;
        this.owner = owner;
        session = new TlsSession(engine, below, owner.memory());
        awaited = new TlsAwaited(session.output());
        closing = new TlsClosing(below, session, life);
        waits = new TlsWaits(below, owner, this::goOn, failure -> broken("it", failure));
        input = new TlsReading(below, life, closing, waits);
    }

    /** Names who is above. */
    public void handledBy(LinkHandler handler) {
        life.handledBy(handler);
    }

    // The link to whoever is above.

    @Override
    public Optional<PeerId> provenPeer() {
        return peer;
    }

    @Override
    public int write(ByteBuffer source) {
        if (closing.endAsked()) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        int before = source.position();
        if (life.isOpen() && !waits.memoryShort()) {
            try {
                seal(source);
            } catch (SSLException failed) {
                fail(failed);
            } catch (NoBufferException none) {
                waits.awaitMemory();
            }
        }
        if (source.hasRemaining()) {
            awaited.room();
        }
        // What is given and not flushed waits for the peer, memory or none: then it is the peer that takes nothing.
        if (source.hasRemaining() && waits.memoryShort() && session.output().allFlushed()) {
            keptForMemory++;
        }
        return source.position() - before;
    }

    /**
     * Seals a record at a time, and the next one only once the link below has taken the last: what is not sealed can be
     * taken back.
     */
    private void seal(ByteBuffer source) throws SSLException, NoBufferException {
        SealedOutput output = session.output();
        output.push();
        while (source.hasRemaining() && output.allGiven() && life.isOpen()) {
            if (session.peerEnded() && !session.halfCloses()) {
                throw new SSLException("TLS 1.2: the peer has ended both directions, and takes nothing any more");
            }
            SSLEngineResult result = session.seal(source);
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                throw new SSLException("TLS: nothing can be sealed any more: " + result);
            }
            output.push();
        }
    }

    @Override
    public long flushedBytes() {
        return session.output().flushedPlainBytes();
    }

    @Override
    public long outputProgress() {
        return below.outputProgress() + keptForMemory;
    }

    @Override
    public long inputProgress() {
        return arrived + below.inputProgress();
    }

    @Override
    public void flush() {
        if (life.isOpen()) {
            session.output().push();
            below.flush();
        }
    }

    @Override
    public void reading(Reading reading) {
        input.want(requireNonNull(reading, "reading"));
        boolean due = session.holdsRecord() || closing.endAsked() || session.peerEnded();
        if (life.isOpen() && reading == Reading.RESUMED && due) {
            waits.later(() -> receive(NOTHING));
        } else {
            input.update();
        }
    }

    @Override
    public boolean allHandedOn() {
        boolean toldAll =
                closing.peerEndTold() || (!session.peerEnded() && !session.holdsRecord() && below.allHandedOn());
        return awaited.look(toldAll && input.wanted()) && life.isOpen();
    }

    @Override
    public boolean shutdownOutput() {
        if (life.isOpen()) {
            closing.askEnd();
            sendEnd();
        }
        return closing.endOut();
    }

    /** Sends our end if it was asked for and may go; true if it is out just now. */
    private boolean sendEnd() {
        if (!closing.endWaits() || !life.isOpen() || waits.memoryShort()) {
            return false;
        }
        try {
            return closing.sendEnd(allHandedOn());
        } catch (SSLException failed) {
            fail(failed);
        } catch (NoBufferException none) {
            waits.awaitMemory();
        }
        return false;
    }

    @Override
    public void close() {
        boolean wasUp = life.isOpen();
        if (life.leave(null) && closing.close(wasUp)) {
            receive(NOTHING);
        }
    }

    @Override
    public void linger() {
        boolean nothingToWaitFor = closing.peerEndTold() && input.wanted();
        if (life.leave(null)) {
            closing.leave(nothingToWaitFor ? below::close : below::linger);
        }
    }

    @Override
    public void abort() {
        if (life.leave(null)) {
            closing.leave(below::abort);
        }
    }

    // The handler of the link below.

    @Override
    public void onConnected() {
        try {
            handshakeTimer = loop().schedule(owner.handshakeNanos(), this::timedOut);
            session.begin();
            receive(NOTHING);
        } catch (SSLException failed) {
            fail(failed);
        }
    }

    private void timedOut() {
        long millis = Duration.ofNanos(owner.handshakeNanos()).toMillis();
        if (life.leave(
                new HandshakeException(Failure.TIMEOUT, "TLS handshake: not complete after " + millis + " ms"))) {
            closing.leave(below::abort);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {
        arrived += data.remaining();
        receive(data);
    }

    /** Unseals what has arrived, as far as it may, and hands that on; then does what had to wait for it. */
    private void receive(ByteBuffer data) {
        if (receiving || life.isClosed()) {
            return;
        }
        ByteBuffer plain = lendPlain(data.remaining());
        if (plain == null) {
            session.held().keep(data);
            received();
            return;
        }
        receiving = true;
        Exception failure;
        try {
            failure = unseal(data, plain);
            handOn(plain);
        } finally {
            receiving = false;
            below.release(plain);
        }
        if (failure == null) {
            session.held().keep(data);
            received();
        } else {
            fail(failure);
        }
    }

    /** A buffer for what is held and for so many bytes more; null if there is no memory for it now. */
    private @Nullable ByteBuffer lendPlain(int readBytes) {
        try {
            return waits.memoryShort() ? null : session.lendPlain(readBytes);
        } catch (NoBufferException none) {
            waits.awaitMemory();
            return null;
        }
    }

    /** Unseals as far as possible; returns what ended that, if it must end the link. */
    private @Nullable Exception unseal(ByteBuffer data, ByteBuffer plain) {
        try {
            while (advances() && session.unseal(data, plain)) {
                heard |= plain.position() > 0;
            }
        } catch (NoBufferException none) {
            waits.awaitMemory();
        } catch (SSLException | RuntimeException failed) {
            return failed;
        }
        return null;
    }

    /** Says what the protocol has to say by itself; true if another record may be unsealed. */
    private boolean advances() throws SSLException, NoBufferException {
        boolean alive = life.isOpening() || life.isOpen() || closing.leaving();
        if (!alive || waits.any() || session.peerEnded()) {
            return false;
        }
        List<Runnable> tasks = session.advance();
        if (!tasks.isEmpty()) {
            waits.run(tasks);
            return false;
        }
        if (session.finished() && life.isOpening()) {
            peer = owner.admit(session.session());
            handshakeTimer.cancel();
            life.connected();
        }
        return closing.leaving() || life.isOpening() || (life.isOpen() && input.wanted());
    }

    private void handOn(ByteBuffer plain) {
        if (plain.position() > 0) {
            closing.unread();
            life.read(plain.flip());
        }
    }

    /** What has arrived was unsealed as far as possible. */
    private void received() {
        // A link that writes later may have our end out and not have told of it: then the peer's is no earlier.
        if (session.endSealed() && sendEnd()) {
            life.writable();
        }
        if (session.peerEnded() && !closing.peerEndTold() && input.wanted()) {
            session.held().clear();
            closing.peerEnded();
        }
        input.update();
        if (closing.leaving()) {
            closing.goOnLeaving();
        } else if (sendEnd()) {
            life.writable();
        }
    }

    /** What was waited for is there. */
    private void goOn() {
        receive(NOTHING);
        if (awaited.hasRoom() && !waits.any()) {
            awaited.roomTold();
            life.writable();
        }
    }

    @Override
    public void onWritable() {
        session.output().push();
        if (closing.leaving()) {
            closing.goOnLeaving();
        } else if (sendEnd() || awaited.isWorthTelling()) {
            awaited.told();
            life.writable();
        }
    }

    @Override
    public void onInputClosed(InputEnd end) {
        if (life.isOpening()) {
            fail(new HandshakeException(Failure.LINK_CLOSED, "TLS handshake: the peer ended the link"));
            return;
        }
        session.held().clear();
        closing.endedBelow();
        received();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        handshakeTimer.cancel();
        closing.left();
        session.release();
        life.leave(cause);
        life.closed();
        waits.stop(() -> owner.release(session.engine()));
    }

    /** Ends the link because of this, and tells the peer why if the protocol has a word for it. */
    private void fail(Exception failure) {
        boolean refused = life.isOpening() && session.finished();
        if (life.leave(TlsFailures.told(failure, heard))) {
            boolean alert = refused ? session.sealLastEnd() : session.sealAlert();
            session.output().push();
            closing.leave(alert ? below::linger : below::close);
        } else if (closing.leaving()) {
            closing.leave(below::abort);
        }
    }

    private void broken(String what, Throwable failure) {
        if (life.leave(failure) || closing.leaving()) {
            closing.leave(below::abort);
        }
        Log.thrown(Level.ERROR, this, what + " failed; it is aborted", failure);
    }

    @Override
    public String toString() {
        return "TlsLink[to " + remoteAddress() + ", " + life + "]";
    }
}
