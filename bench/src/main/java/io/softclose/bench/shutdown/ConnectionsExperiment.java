/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import com.sun.management.UnixOperatingSystemMXBean;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.LiveHeap;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ShutdownReport;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Very many connections between two processes of this machine: how long it takes to open them, what their ends hold on the heap while
 * nothing happens, and how long it takes to close them all, with a message on each, within one budget.
 */
public final class ConnectionsExperiment {
    /** What a process needs besides its connections: its libraries, selectors, and listeners. */
    private static final int OTHER_FILES = 200;

    /** To one address there can be no more than Linux has ports for whoever dials, 28 232 by default. */
    private static final int MOST_AT_AN_ADDRESS = 20_000;

    /** How many are opened before the memory is looked at first, so that classes and pools are there. */
    private static final int FIRST = 100;

    private static final int MOST_DIALS = 128;
    private static final int MESSAGE_BYTES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Beyond the budget, for a shutdown that does not keep to it. */
    private static final Duration MORE = Duration.ofSeconds(30);

    private final String transport;
    private final int count;
    private final ManyEnds ends;
    private final List<Connection> connections = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    /**
     * What was found.
     *
     * @param connections how many there were
     * @param opening how long it took to open all
     * @param dialledBytes what a dialled end holds on the heap
     * @param acceptedBytes what an accepted end holds
     * @param closing how long the shutdown took
     * @param reports how many connections have been reported, at both ends
     * @param unbalanced how many of the reports do not balance
     * @param written messages that were written
     * @param handled messages that arrived
     */
    public record Found(
            int connections,
            Duration opening,
            long dialledBytes,
            long acceptedBytes,
            Duration closing,
            int reports,
            int unbalanced,
            long written,
            long handled) {
        /** Whether every connection was closed in time, and every report balances and is true. */
        public boolean passed(Duration budget) {
            return closing.compareTo(budget) <= 0
                    && reports == 2 * connections
                    && unbalanced == 0
                    && handled == written;
        }
    }

    private ConnectionsExperiment(String transport, int count) {
        this.transport = transport;
        this.count = count;
        ends = new ManyEnds(transport, count);
    }

    /** How many connections this process may have, by its limit of open files. */
    public static int most() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount()) - OTHER_FILES
                : Integer.MAX_VALUE;
    }

    /**
     * Does it once.
     *
     * @param transport its name
     * @param budget for the shutdown
     */
    public static Found measure(String transport, int connections, Duration budget) {
        int addresses = (connections + MOST_AT_AN_ADDRESS - 1) / MOST_AT_AN_ADDRESS;
        List<String> command = ChildProcess.java(AcceptingProcess.class, transport, "" + connections, "" + addresses);
        // Of two, the later one counts.
        command.add(command.indexOf("-cp"), "-Xmx" + (256 + connections / 32) + "m");
        ConnectionsExperiment experiment = new ConnectionsExperiment(transport, connections);
        try (ChildProcess accepting = ChildProcess.start("accepting", command)) {
            return experiment.run(accepting, budget);
        } finally {
            experiment.ends.network.shutdown(Duration.ZERO);
        }
    }

    private Found run(ChildProcess accepting, Duration budget) {
        List<String> ports = List.of(accepting.await(AcceptingProcess.LISTENS).split(" "));
        ports.forEach(port ->
                addresses.add(new InetSocketAddress("127.0.0." + (addresses.size() + 1), Integer.parseInt(port))));
        long began = System.nanoTime();
        open(Math.min(FIRST, count / 2));
        long opening = System.nanoTime() - began;
        int first = connections.size();
        long dialled = LiveHeap.bytes();
        long accepted = liveBytes(accepting);
        began = System.nanoTime();
        open(count);
        opening += System.nanoTime() - began;
        dialled = (LiveHeap.bytes() - dialled) / (count - first);
        accepted = (liveBytes(accepting) - accepted) / (count - first);

        ShutdownReport report = close(budget);
        accepting.tell(AcceptingProcess.END);
        int[] theirs = Arrays.stream(accepting.await(AcceptingProcess.END).split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        return new Found(
                count,
                Duration.ofNanos(opening),
                dialled,
                accepted,
                report.duration(),
                ends.ended() + theirs[0],
                ends.unbalanced() + theirs[1],
                written(report),
                theirs[2]);
    }

    private static long liveBytes(ChildProcess process) {
        process.tell(AcceptingProcess.LIVE);
        return Long.parseLong(process.await(AcceptingProcess.LIVE));
    }

    /** Opens connections until there are so many. */
    private void open(int wanted) {
        Semaphore dials = new Semaphore(MOST_DIALS);
        while (connections.size() < wanted) {
            acquire(dials, 1);
            Connection connection = ends.network.dial(addresses.get(connections.size() % addresses.size()));
            var unused = connection.opened().whenComplete((opened, failure) -> dials.release());
            connections.add(connection);
        }
        acquire(dials, MOST_DIALS);
        for (Connection connection : connections) {
            connection.opened().toCompletableFuture().join();
        }
    }

    private void acquire(Semaphore dials, int how) {
        try {
            if (!dials.tryAcquire(how, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(transport + ": no dial ended for " + PATIENCE + ", with "
                        + connections.size() + " connections");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private ShutdownReport close(Duration budget) {
        Message message = Message.of(ManyEnds.PROTOCOL, 0, new byte[MESSAGE_BYTES]);
        for (Connection connection : connections) {
            if (!connection.send(message).accepted()) {
                throw new IllegalStateException("refused: " + connection);
            }
        }
        return ends.network
                .shutdown(budget)
                .toCompletableFuture()
                .orTimeout(budget.plus(MORE).toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static long written(ShutdownReport report) {
        return report.connections().stream()
                .map(CloseReport::account)
                .mapToLong(account -> account.total().outcomes().getOrDefault(Outcome.WRITTEN, 0L))
                .sum();
    }
}
