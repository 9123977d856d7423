/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.FullBufferStream;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.NettyReceiver;
import io.softclose.bench.baseline.NettyStream;
import io.softclose.bench.baseline.NettyStream.Flushing;
import io.softclose.bench.baseline.QueueFedStream;
import io.softclose.bench.baseline.RawReceiver;
import io.softclose.bench.baseline.RawReceiver.Intake;
import io.softclose.bench.baseline.ReceivedStream;
import io.softclose.bench.baseline.Tally;
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
 * Messages a second over one loopback connection, from the sending thread to the receiving handler. An invocation sends a
 * burst and ends when the last of it has been handled, so everything counted was delivered; the burst is long enough for
 * its start and its end to weigh less than a hundredth.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class ThroughputBenchmark {
    static final int BURST = 100_000;

    /** A connection of Softclose. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void connection(ConnectionSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** Votes over a connection with lanes, alone or beside bulk; only votes are counted. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void votes(VotesSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** The practical limit: a direct buffer, filled with frames and written when full. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void fullBuffer(FullBufferSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** A writer thread fed by a queue. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void queueFed(QueueFedSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** A Netty pipeline that flushes each message. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void nettyNaive(NettyNaiveSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** A Netty pipeline that joins flushes. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void nettyConsolidated(NettyConsolidatedSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** A stream and what it carries. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public abstract static class Subject {
        /** Payload in bytes. */
        @Param({"64", "256", "16384"})
        public int size;

        private final Tally tally = new Tally();
        private byte[] payload;
        private MessageStream stream;

        abstract MessageStream connect(Tally target) throws IOException, InterruptedException;

        /** Connects. */
        @Setup
        public void open() throws IOException, InterruptedException {
            payload = new byte[size];
            stream = connect(tally);
        }

        void convey(int burst) throws IOException, InterruptedException {
            tally.expect(burst);
            for (int i = 0; i < burst; i++) {
                stream.send(payload);
            }
            stream.flush();
            tally.await();
        }

        /** Disconnects. */
        @TearDown
        public void close() throws IOException {
            stream.close();
        }
    }

    /** {@link ConnectionStream}. */
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class ConnectionSubject extends Subject {
        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("nio")
        public String transport;

        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ConnectionStream.received(transport, target);
        }
    }

    /** {@link LaneStream}. */
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class VotesSubject extends Subject {
        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("nio")
        public String transport;

        /** Who else sends. */
        @Param({"ALONE", "BULK"})
        public LaneStream.Contention contention;

        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return new LaneStream(transport, contention, size, target);
        }
    }

    /** {@link FullBufferStream}. */
    public static class FullBufferSubject extends Subject {
        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ReceivedStream.to(new RawReceiver(Intake.COPY, target), FullBufferStream::new);
        }
    }

    /** {@link QueueFedStream}. */
    public static class QueueFedSubject extends Subject {
        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ReceivedStream.to(new RawReceiver(Intake.COPY, target), QueueFedStream::new);
        }
    }

    /** {@link NettyStream}, naive. */
    public static class NettyNaiveSubject extends Subject {
        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ReceivedStream.to(new NettyReceiver(target), address -> new NettyStream(Flushing.NAIVE, address));
        }
    }

    /** {@link NettyStream}, consolidated. */
    public static class NettyConsolidatedSubject extends Subject {
        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ReceivedStream.to(
                    new NettyReceiver(target), address -> new NettyStream(Flushing.CONSOLIDATED, address));
        }
    }
}
