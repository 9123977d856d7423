/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.net.Message;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast sending threads hand messages to one consumer, with as little as possible behind it: through a connection whose
 * link takes every byte at once, and through queues of the JDK and JCTools whose consumer throws everything away. A full queue makes
 * its producers wait, so the figure is that of the slower side. With more threads than processors it is mostly the
 * scheduler's.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class OutboxBenchmark {
    /** What stands between the producers and the consumer. */
    @Param({"CONNECTION", "ARRAY_BLOCKING_QUEUE", "LINKED_BLOCKING_QUEUE", "MPSC_ARRAY_QUEUE"})
    public HandOver.Kind queue;

    private final Message message = Message.of(DirectSendFrames.PROTOCOL, 0, new byte[64]);
    private HandOver handOver;

    /** Starts the consumer. */
    @Setup
    public void start() throws InterruptedException {
        handOver = queue.start();
    }

    /** One producer. */
    @Benchmark
    @Threads(1)
    public void oneProducer() throws InterruptedException {
        handOver.put(message);
    }

    /** Two producers. */
    @Benchmark
    @Threads(2)
    public void twoProducers() throws InterruptedException {
        handOver.put(message);
    }

    /** Four producers. */
    @Benchmark
    @Threads(4)
    public void fourProducers() throws InterruptedException {
        handOver.put(message);
    }

    /** Stops the consumer. */
    @TearDown
    public void stop() throws InterruptedException {
        handOver.stop();
    }
}
