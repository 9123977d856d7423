/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.NettyRoundTrip;
import io.softclose.bench.baseline.NioRoundTrip;
import io.softclose.bench.baseline.RoundTrip;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The distribution of round-trip times of one message at a time, from an application thread to a handler that sends it
 * back, and back to the application thread. Compare like with like: {@code connection} over {@code nio} with {@code
 * rawNio}, and over {@code netty} with {@code rawNetty}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class PingPongBenchmark {
    /** A connection of Softclose. */
    @Benchmark
    public void connection(ConnectionSubject subject) throws InterruptedException {
        subject.exchange();
    }

    /** A request and its answer, instead of a message there and another back. */
    @Benchmark
    public void request(RequestSubject subject) throws InterruptedException {
        subject.exchange();
    }

    /** A connection beside others whose handlers block. */
    @Benchmark
    public void besideBlockedHandlers(BlockedSubject subject) throws InterruptedException {
        subject.exchange();
    }

    /** Two selectors. */
    @Benchmark
    public void rawNio(NioSubject subject) throws InterruptedException {
        subject.exchange();
    }

    /** Two Netty pipelines. */
    @Benchmark
    public void rawNetty(NettySubject subject) throws InterruptedException {
        subject.exchange();
    }

    /** A pair of ends and the message that goes to and fro. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public abstract static class Subject {
        /** Payload in bytes. */
        @Param("256")
        public int size;

        private byte[] payload;
        private RoundTrip roundTrip;

        abstract RoundTrip connect() throws IOException, InterruptedException;

        /** Connects. */
        @Setup
        public void open() throws IOException, InterruptedException {
            payload = new byte[size];
            roundTrip = connect();
        }

        void exchange() throws InterruptedException {
            roundTrip.exchange(payload);
        }

        /** Disconnects. */
        @TearDown
        public void close() throws IOException {
            roundTrip.close();
        }
    }

    /** Over a transport that is chosen. */
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public abstract static class TransportSubject extends Subject {
        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("nio")
        public String transport;
    }

    /** {@link RequestRoundTrip}. */
    public static class RequestSubject extends TransportSubject {
        @Override
        RoundTrip connect() throws IOException, InterruptedException {
            return new RequestRoundTrip(transport);
        }
    }

    /** {@link BlockedNeighbours}. */
    public static class BlockedSubject extends TransportSubject {
        @Override
        RoundTrip connect() throws IOException, InterruptedException {
            return new BlockedNeighbours(transport);
        }
    }

    /** {@link ConnectionRoundTrip}. */
    public static class ConnectionSubject extends TransportSubject {
        @Override
        RoundTrip connect() throws IOException, InterruptedException {
            return new ConnectionRoundTrip(transport);
        }
    }

    /** {@link NioRoundTrip}. */
    public static class NioSubject extends Subject {
        @Override
        RoundTrip connect() throws IOException {
            return new NioRoundTrip();
        }
    }

    /** {@link NettyRoundTrip}. */
    public static class NettySubject extends Subject {
        @Override
        RoundTrip connect() {
            return new NettyRoundTrip();
        }
    }
}
