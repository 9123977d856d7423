/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import io.softclose.net.spi.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * The engine of one link, and what has been sealed and is to be unsealed. It knows records and the handshake, and nothing
 * of who owns the link: what is to be handed on or to be run is returned. On the loop only, but for the tasks.
 */
final class TlsSession {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Attempts to get an alert out of an engine that throws once or twice what it was about. */
    private static final int ALERT_ATTEMPTS = 3;

    /** Answers of the protocol's own, such as those to key updates, that may wait for a peer that takes nothing. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final SSLEngine engine;
    private final Link link;
    private final BufferMemory memory;
    private final SealedOutput output;
    private final HeldRecords held = new HeldRecords();

    private boolean tasksGiven;
    private boolean finished;
    private boolean peerEnded;
    private boolean ended;
    private boolean endSealed;

    TlsSession(SSLEngine engine, Link link, BufferMemory memory) {
        this.engine = engine;
        this.link = link;
        this.memory = memory;
        output = new SealedOutput(link, memory);
    }

    SSLEngine engine() {
        return engine;
    }

    SealedOutput output() {
        return output;
    }

    /** What has arrived and was not unsealed. */
    HeldRecords held() {
        return held;
    }

    /** Whether there is something to unseal, and not only the beginning of it. */
    boolean holdsRecord() {
        return held.holdsRecord(engine.getSession().getPacketBufferSize());
    }

    SSLSession session() {
        return engine.getSession();
    }

    /** Whether this end has finished its handshake. */
    boolean finished() {
        return finished;
    }

    /** Whether the peer has said its end. */
    boolean peerEnded() {
        return peerEnded;
    }

    /** Whether our end, or the beginning of it, is among what was sealed: nothing follows it. */
    boolean ended() {
        return ended;
    }

    /** Whether all of our end is among what was sealed. */
    boolean endSealed() {
        return endSealed;
    }

    /** Whether an end of the peer's leaves us our own direction, as since TLS 1.3. */
    boolean halfCloses() {
        return engine.getSession().getProtocol().compareTo("TLSv1.3") >= 0;
    }

    void begin() throws SSLException {
        engine.beginHandshake();
    }

    /**
     * Seals what the protocol has to say by itself, until it waits for the peer or for tasks.
     *
     * @return tasks to be run off the loop before anything else; empty if there are none
     */
    List<Runnable> advance() throws SSLException, NoBufferException {
        for (boolean more = true; more && !peerEnded; ) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (finished && !halfCloses() && status != HandshakeStatus.NOT_HANDSHAKING && !ended) {
                throw new SSLException("TLS renegotiation asked for by the peer (expected: none)");
            }
            switch (status) {
                case NEED_TASK -> {
                    return tasks();
                }
                case NEED_WRAP -> {
                    SSLEngineResult said = seal(NOTHING);
                    more = said.bytesProduced() > 0 || said.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
                    output.push();
                    if (finished && output.waitingBytes() > MAX_ANSWER_BYTES) {
                        throw new SSLException("TLS: " + output.waitingBytes()
                                + " bytes of answers that the peer does not take (expected: at most "
                                + MAX_ANSWER_BYTES + ")");
                    }
                }
                case NEED_UNWRAP -> more = goesOnAfterTasks();
                default -> more = false;
            }
        }
        return List.of();
    }

    /** OpenSSL's engines have taken the record that their tasks were about, and go on with it if asked to unseal nothing. */
    private boolean goesOnAfterTasks() throws SSLException {
        boolean goesOn = tasksGiven;
        if (goesOn) {
            tasksGiven = false;
            note(engine.unwrap(NOTHING, ByteBuffer.allocate(0)));
        }
        return goesOn;
    }

    private List<Runnable> tasks() {
        tasksGiven = true;
        List<Runnable> tasks = new ArrayList<>(1);
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            tasks.add(task);
        }
        return tasks;
    }

    /**
     * Seals one record of this, which then waits to be pushed.
     *
     * @return what the engine says; it may have had something to say by itself first, and consumed nothing
     */
    SSLEngineResult seal(ByteBuffer source) throws SSLException, NoBufferException {
        SSLEngineResult result;
        int most = engine.getSession().getPacketBufferSize();
        do {
            result = engine.wrap(source, output.room(most));
            output.sealed(result.bytesConsumed());
            most = Math.max(2 * most, engine.getSession().getPacketBufferSize());
        } while (result.getStatus() == Status.BUFFER_OVERFLOW);
        note(result);
        return result;
    }

    /**
     * Unseals one record, if a whole one is there.
     *
     * @param data what has arrived behind what is held
     * @param plain takes what was in it; with room for {@link #mostPlain} bytes
     * @return false if none is there
     */
    boolean unseal(ByteBuffer data, ByteBuffer plain) throws SSLException {
        ByteBuffer record = held.next(data, engine.getSession().getPacketBufferSize());
        if (record == null) {
            return false;
        }
        SSLEngineResult result = engine.unwrap(record, plain);
        note(result);
        switch (result.getStatus()) {
            case OK -> {}
            case CLOSED -> {
                // OpenSSL's engines say so of every record once our own end is out.
                peerEnded = engine.isInboundDone();
                if (!peerEnded && result.bytesConsumed() == 0) {
                    throw new SSLException("TLS: nothing can be unsealed any more: " + result);
                }
            }
            case BUFFER_UNDERFLOW, BUFFER_OVERFLOW ->
                throw new SSLException("TLS record of " + record.remaining() + " bytes: " + result.getStatus());
        }
        return true;
    }

    /** The most plaintext that one record may hold, in bytes. */
    int mostPlain() {
        return engine.getSession().getApplicationBufferSize();
    }

    private void note(SSLEngineResult result) {
        HandshakeStatus status = result.getHandshakeStatus();
        finished |= status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Seals our end, behind everything else; or what is left of it, if there was no buffer for all of it before. */
    void sealEnd() throws SSLException, NoBufferException {
        var unused = output.room(engine.getSession().getPacketBufferSize());
        ended = true;
        engine.closeOutbound();
        while (!engine.isOutboundDone() && seal(NOTHING).bytesProduced() > 0) {
            // One record each time; there is one, or two if the peer asked for new keys.
        }
        endSealed = true;
    }

    /** Seals the alert that says why it failed; true if there was one. Throws nothing: it has failed already. */
    boolean sealAlert() {
        long before = output.waitingBytes();
        for (int i = 0; i < ALERT_ATTEMPTS && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
            try {
                seal(NOTHING);
            } catch (SSLException | NoBufferException | RuntimeException | OutOfMemoryError again) {
                // What it throws is the failure that we know.
            }
        }
        return output.waitingBytes() > before;
    }

    /**
     * Seals our end, if the engine still can, for a link that is left in any case: true if it did. It is also what a refusal
     * says that comes after the handshake, for which there is no alert: an end, at least, is no cut. Throws nothing, whatever
     * the engine does: the link below would never be told that it is left.
     */
    boolean sealLastEnd() {
        try {
            sealEnd();
            return true;
        } catch (SSLException | NoBufferException | RuntimeException | OutOfMemoryError failed) {
            return false;
        }
    }

    /** The link below is closed: gives back its buffers, and holds nothing. */
    void release() {
        output.release();
        held.clear();
    }

    /** A buffer for what is unsealed, with room for all that is held and was read, and a record of which that has the last part. */
    ByteBuffer lendPlain(int readBytes) throws NoBufferException {
        return memory.lend(link, held.bytes() + readBytes + mostPlain());
    }
}
