/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The other end of a link: a bare engine that a test drives record by record, so that it can say what no node would. */
final class EnginePeer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    final SSLEngine engine;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private ByteBuffer arrived = NOTHING;
    boolean ended;

    EnginePeer(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** Takes what has arrived, and answers as the protocol wants it. */
    void receive(byte... bytes) throws SSLException {
        ByteBuffer all = ByteBuffer.allocate(arrived.remaining() + bytes.length);
        arrived = all.put(arrived).put(bytes).flip();
        for (boolean more = true; more; ) {
            answer();
            more = arrived.hasRemaining() && unwrap();
        }
        answer();
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(arrived, plain);
        heard.write(plain.array(), 0, plain.position());
        ended |= result.getStatus() == Status.CLOSED;
        return result.getStatus() == Status.OK;
    }

    /** Says what the protocol has to say by itself. */
    void answer() throws SSLException {
        for (boolean more = true; more; ) {
            HandshakeStatus status = engine.getHandshakeStatus();
            more = status == HandshakeStatus.NEED_TASK
                    || (status == HandshakeStatus.NEED_WRAP && wrap(NOTHING).bytesProduced() > 0);
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }

    /** Says this, in records of its own. */
    void say(String text) throws SSLException {
        say(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says this, in records of its own. */
    void say(byte... bytes) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            wrap(source);
        }
    }

    /** Says a record without content. */
    void sayNothing() throws SSLException {
        wrap(NOTHING);
    }

    /** Whether its handshake is done. */
    boolean finished() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && engine.getSession().isValid()
                && !engine.getSession().getCipherSuite().contains("NULL");
    }

    /** Says its end. */
    void end() throws SSLException {
        engine.closeOutbound();
        answer();
    }

    private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(source, record);
        said.write(record.array(), 0, record.position());
        return result;
    }

    /** What it has said since this was last asked. */
    byte[] takeSaid() {
        byte[] taken = said.toByteArray();
        said.reset();
        return taken;
    }

    /** Everything that it was told. */
    String heard() {
        return heard.toString(StandardCharsets.UTF_8);
    }

    long heardBytes() {
        return heard.size();
    }
}
