/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Network;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The receive path alone, from the bytes of a read to the handler, without a socket: what {@code -prof gc} shows for an
 * operation is the message and its payload.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class ReceivePathBenchmark {
    /** Messages of one invocation: many reads' worth. */
    private static final int MESSAGES = 1 << 16;

    /** As many bytes as one read of the NIO transport may bring. */
    private static final int READ_BYTES = 128 * 1024;

    /** A peer sends one message after another. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long receive(Receiver receiver) throws InterruptedException, ExecutionException {
        receiver.transport.receive(receiver.read, MESSAGES / receiver.messages);
        return receiver.tally.count();
    }

    /** A connection whose peer sends what it is told to. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class Receiver {
        /** Payload in bytes. */
        @Param({"64", "256", "16384"})
        public int size;

        private final Tally tally = new Tally();
        private final DiscardingTransport transport = new DiscardingTransport();
        private int messages;
        private ByteBuffer read;
        private Network network;

        /** Connects. */
        @Setup(Level.Trial)
        public void open() throws InterruptedException {
            int most = READ_BYTES / DirectSendFrames.maxSize(size);
            messages = Integer.highestOneBit(most);
            ByteBuffer frames = ByteBuffer.allocateDirect(READ_BYTES);
            for (int i = 0; i < messages; i++) {
                DirectSendFrames.put(frames, new byte[size]);
            }
            read = frames.flip().slice();
            network = Nodes.node("graceful", MessageStream.QUEUE_CAPACITY, (from, message) -> tally.handled(message))
                    .transport(() -> transport)
                    .build();
            var unused = Nodes.dial(network, new InetSocketAddress(0));
        }

        /** Disconnects. */
        @TearDown
        public void close() throws InterruptedException {
            Nodes.shutdown(network);
        }
    }
}
