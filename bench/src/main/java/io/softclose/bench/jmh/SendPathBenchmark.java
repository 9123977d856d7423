/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.RawReceiver;
import io.softclose.bench.baseline.RawReceiver.Intake;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.OutcomeListener;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * The send path alone: a connection to a receiver that only counts frames and allocates nothing. Every send offers the
 * same message object. So what {@code -prof gc} shows for an operation is what the send path allocates for a message.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class SendPathBenchmark {
    private static final int BURST = ThroughputBenchmark.BURST;

    /** Nobody asks for the outcome. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void send(Sender sender) throws InterruptedException {
        sender.tally.expect(BURST);
        for (int i = 0; i < BURST; i++) {
            ConnectionStream.send(sender.connection, sender.message);
        }
        sender.tally.await();
    }

    /** A listener is told every outcome, which takes an object for each message. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void sendWithListener(Sender sender) throws InterruptedException {
        sender.tally.expect(BURST);
        for (int i = 0; i < BURST; i++) {
            while (!sender.connection.send(sender.message, sender.listener).accepted()) {
                Thread.onSpinWait();
            }
        }
        sender.tally.await();
    }

    /** A connection and its message. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class Sender {
        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("nio")
        public String transport;

        /** Payload in bytes. */
        @Param({"256", "16384"})
        public int size;

        private final Tally tally = new Tally();
        private final OutcomeListener listener = (message, outcome) -> {};
        private Message message;
        private RawReceiver receiver;
        private Network network;
        private Connection connection;

        /** Connects. */
        @Setup
        public void open() throws IOException, InterruptedException {
            message = Message.of(DirectSendFrames.PROTOCOL, 0, new byte[size]);
            receiver = new RawReceiver(Intake.COUNT_AFTER_HANDSHAKE, tally);
            network = Nodes.node("graceful", MessageStream.QUEUE_CAPACITY, (from, arrived) -> {})
                    .transport(transport)
                    .build();
            connection = Nodes.dial(network, receiver.address());
        }

        /** Disconnects. */
        @TearDown
        public void close() throws IOException, InterruptedException {
            Nodes.shutdown(network);
            receiver.close();
        }
    }
}
