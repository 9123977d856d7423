/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.NettyReceiver;
import io.softclose.bench.baseline.NettyStream;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages a second over one loopback connection with mutual TLS 1.3, as {@link ThroughputBenchmark} counts them without: ours
 * over each transport, and a Netty pipeline with {@code SslHandler}. All with the JDK's engine and {@value BenchTls#CIPHER};
 * {@link TlsEngineBenchmark} says what the engine alone can do.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class TlsThroughputBenchmark {
    static final int BURST = 20_000;

    /** A connection of Softclose. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void connection(ConnectionSubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** A Netty pipeline that joins flushes. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void nettyConsolidated(NettySubject subject) throws Exception {
        subject.convey(BURST);
    }

    /** {@link ConnectionStream} over TLS. */
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class ConnectionSubject extends ThroughputBenchmark.Subject {
        /** By name. */
        @Param({"nio", "netty"})
        public String transport;

        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ConnectionStream.overTls(transport, target);
        }
    }

    /** {@link NettyStream} over TLS. */
    public static class NettySubject extends ThroughputBenchmark.Subject {
        @Override
        MessageStream connect(Tally target) throws IOException, InterruptedException {
            return ReceivedStream.to(
                    NettyReceiver.overTls(new BenchTls(), target),
                    address -> NettyStream.overTls(new BenchTls(), address));
        }
    }
}
