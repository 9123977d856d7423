/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.net.Message;
import io.softclose.net.wire.FrameHeads;
import io.softclose.net.wire.FrameReader;
import io.softclose.net.wire.KnownProtocols;
import io.softclose.net.wire.MultiplexCodec;
import io.softclose.net.wire.MultiplexMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Encoding and decoding one message, from and into direct buffers, without any I/O. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class CodecBenchmark {
    /** Payload in bytes. */
    @Param({"64", "256", "16384"})
    public int size;

    private Message message;
    private ByteBuffer out;
    private ByteBuffer frame;
    private FrameReader reader;

    /** Makes a message and its frame. */
    @Setup
    public void prepare() {
        byte[] payload = new byte[size];
        message = Message.of(DirectSendFrames.PROTOCOL, 0, payload);
        out = ByteBuffer.allocateDirect(DirectSendFrames.maxSize(size));
        frame = ByteBuffer.allocateDirect(DirectSendFrames.maxSize(size));
        DirectSendFrames.put(frame, payload);
        frame.flip();
        reader = new FrameReader(4 << 20);
    }

    /** The head and the payload, as the writer puts them into a batch. */
    @Benchmark
    public ByteBuffer encode() {
        out.clear();
        FrameHeads.putDirectSend(out, message.protocol(), message.priority(), message.size());
        message.copyPayload(0, out);
        return out;
    }

    /** The message of a frame whose length has been taken off. */
    @Benchmark
    public MultiplexMessage decode() {
        frame.position(Integer.BYTES);
        return MultiplexCodec.decode(frame, KnownProtocols.APTOS_NET);
    }

    /** Cutting the frame out of the stream, and its message. */
    @Benchmark
    public void read(Blackhole blackhole) {
        frame.rewind();
        reader.feed(frame, whole -> {
            blackhole.consume(MultiplexCodec.decode(whole, KnownProtocols.APTOS_NET));
            return true;
        });
    }
}
