/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Chunks of 16 KiB a second that the JDK's engine seals, or seals and unseals, in memory and on one thread: what TLS costs whoever
 * uses it. Two ends on two processors go no faster than the slower half of it.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the method that sets the fields
public class TlsEngineBenchmark {
    private static final int CHUNK = 16 * 1024;
    /** More than a handshake has. */
    private static final int STEPS = 100;

    private SSLEngine sealing;
    private SSLEngine unsealing;
    private final ByteBuffer plain = ByteBuffer.allocateDirect(CHUNK);
    private ByteBuffer sealed;
    private ByteBuffer unsealed;

    /** Shakes hands. */
    @Setup
    public void shakeHands() throws SSLException {
        BenchTls engines = new BenchTls();
        sealing = engines.dialling(Optional.empty());
        unsealing = engines.accepting();
        int room = 2 * (CHUNK + sealing.getSession().getPacketBufferSize());
        sealed = ByteBuffer.allocateDirect(room);
        unsealed = ByteBuffer.allocateDirect(room);
        sealing.beginHandshake();
        unsealing.beginHandshake();
        ByteBuffer there = ByteBuffer.allocateDirect(room);
        ByteBuffer back = ByteBuffer.allocateDirect(room);
        for (int i = 0; i < STEPS; i++) {
            step(sealing, back, there);
            step(unsealing, there, back);
        }
        if (!sealing.getSession().getCipherSuite().equals(BenchTls.CIPHER)) {
            throw new IllegalStateException(
                    "cipher: " + sealing.getSession().getCipherSuite() + " (expected: " + BenchTls.CIPHER + ")");
        }
    }

    /** Takes one record, or says one. */
    private void step(SSLEngine engine, ByteBuffer arrived, ByteBuffer said) throws SSLException {
        runTasks(engine);
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), said);
        } else {
            engine.unwrap(arrived.flip(), unsealed.clear());
            arrived.compact();
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Seals a chunk. */
    @Benchmark
    public int seal() throws SSLException {
        plain.clear();
        sealed.clear();
        while (plain.hasRemaining()) {
            sealing.wrap(plain, sealed);
        }
        return sealed.position();
    }

    /** Seals a chunk and unseals it. */
    @Benchmark
    public int sealAndUnseal() throws SSLException {
        seal();
        sealed.flip();
        unsealed.clear();
        while (sealed.hasRemaining()) {
            unsealing.unwrap(sealed, unsealed);
        }
        return unsealed.position();
    }
}
