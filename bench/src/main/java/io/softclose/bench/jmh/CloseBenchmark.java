/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.bench.baseline.Tally;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * How long a close with a backlog takes, from {@link Connection#close} to its report, and what becomes of the backlog.
 * The receiver reads nothing until the close begins, so that all of the backlog but what the kernel's buffers hold is
 * still queued then.
 *
 * <p>The counters are sums over all shots: what was accepted, what the receiving handler had, what the report returned, and
 * what was silently lost, that is told WRITTEN and never handled.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class CloseBenchmark {
    private static final int SIZE = 256;
    private static final long SLOW_NANOS_PER_MESSAGE = 100_000;

    /** How the receiving handler takes messages. */
    public enum Reader {
        /** As they come. */
        FAST,
        /** About 10 000 a second. */
        SLOW
    }

    /** Closes, and waits for the report. */
    @Benchmark
    public CloseReport close(Backlog backlog) throws InterruptedException {
        return backlog.close();
    }

    /**
     * Closes, and waits until the receiving handler has had the last message, over a connection that was busy before, as
     * connections are: over a fresh one the kernel still finds out how fast it may send. What follows the last message, the
     * parting, does not depend on the backlog. {@link #flow} is what it is compared to.
     */
    @Benchmark
    public CompletionStage<CloseReport> drain(BusyBacklog backlog) throws InterruptedException {
        return backlog.drain();
    }

    /**
     * Sends as many such messages over such a connection, while nothing closes, and waits until the receiving handler has had
     * the last. It is one shot, too, and each of its messages has a payload of its own: a steady flow of
     * messages that share one array does not move the same bytes.
     */
    @Benchmark
    public long flow(BusyConnection busy) throws InterruptedException {
        return busy.flow();
    }

    /** A connection that has carried messages. */
    public static class BusyConnection extends Backlog {
        private static final int EARLIER = 500_000;

        @Override
        void prepare() throws InterruptedException {
            slow = false;
            tally.expect(EARLIER);
            send(EARLIER);
            tally.await();
            slow = reader == Reader.SLOW;
            tally.expect(backlog);
        }

        long flow() throws InterruptedException {
            send(backlog);
            tally.await();
            return tally.count();
        }

        @Override
        public void count(Counters counters) throws InterruptedException {
            sending.close();
            super.count(counters);
        }
    }

    /** A connection with messages queued that has carried others. */
    public static class BusyBacklog extends BusyConnection {
        @Override
        void prepare() throws InterruptedException {
            super.prepare();
            // What is sent before the pause takes effect is of the backlog, too: it is awaited already.
            accepted.join().reading(Reading.PAUSED);
            send(backlog);
        }

        CompletionStage<CloseReport> drain() throws InterruptedException {
            accepted.join().reading(Reading.RESUMED);
            CompletionStage<CloseReport> report = sending.close();
            tally.await();
            return report;
        }
    }

    /** A connection with messages queued. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH sets the fields
    public static class Backlog implements NetworkEvents {
        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("nio")
        public String transport;

        /** By name; all that are found, unless told otherwise on the command line. */
        @Param("graceful")
        public String policy;

        /** Messages queued. */
        @Param({"100", "1024", "100000"})
        public int backlog;

        /** How the receiver reads. */
        @Param({"FAST", "SLOW"})
        public Reader reader;

        Tally tally;
        CompletableFuture<Connection> accepted;
        Connection sending;
        /** Whether the handler takes its time; messages before the shot are taken as they come. */
        volatile boolean slow;

        private Network receiver;
        private Network sender;

        /** Connects, and queues the backlog. */
        @Setup(Level.Invocation)
        public void fill() throws IOException, InterruptedException {
            tally = new Tally();
            accepted = new CompletableFuture<>();
            slow = reader == Reader.SLOW;
            receiver = Nodes.node("graceful", 1024, (from, message) -> handle(message))
                    .transport(transport)
                    .events(this)
                    .build();
            sender = Nodes.node(policy, 1 << 17, (from, message) -> {})
                    .transport(transport)
                    .build();
            sending = Nodes.dial(sender, Nodes.listen(receiver));
            Nodes.await(accepted);
            prepare();
        }

        /** What comes before the shot: here the peer stops reading, and the backlog is queued. */
        void prepare() throws InterruptedException {
            accepted.join().reading(Reading.PAUSED);
            send(backlog);
        }

        void send(int messages) throws InterruptedException {
            for (int i = 0; i < messages; i++) {
                ConnectionStream.send(sending, Message.of(DirectSendFrames.PROTOCOL, 0, new byte[SIZE]));
            }
        }

        @Override
        public void connected(Connection connection) {
            accepted.complete(connection);
        }

        private void handle(Message message) {
            if (slow) {
                LockSupport.parkNanos(SLOW_NANOS_PER_MESSAGE);
            }
            tally.handled(message);
        }

        CloseReport close() throws InterruptedException {
            accepted.join().reading(Reading.RESUMED);
            return Nodes.await(sending.close());
        }

        /** Waits until the receiver has had everything that comes, and counts. */
        @TearDown(Level.Invocation)
        public void count(Counters counters) throws InterruptedException {
            CloseReport report = Nodes.await(sending.closed());
            Nodes.await(accepted.join().closed());
            Nodes.shutdown(sender);
            Nodes.shutdown(receiver);
            counters.accepted += report.account().total().accepted();
            counters.delivered += tally.count();
            counters.returned += report.returned().size();
            counters.silentlyLost +=
                    report.account().count(Outcome.WRITTEN) + report.account().count(Outcome.DELIVERED) - tally.count();
        }
    }

    /** What became of the messages. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        /** Accepted by the connection. */
        public long accepted;

        /** Had by the receiving handler. */
        public long delivered;

        /** Handed back by the report. */
        public long returned;

        /** Told WRITTEN or DELIVERED, and never had by the receiving handler. */
        public long silentlyLost;
    }
}
