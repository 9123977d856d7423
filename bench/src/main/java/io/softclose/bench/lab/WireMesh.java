/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Network namespaces, one for each node, with a wire between each two (veth), which the kernel's netem delays, loses and slows down what passes.
 * Deleted when it is closed, when the JVM ends, or, if it was killed, by the next one. Needs root, {@code ip}, {@code tc} and {@code ss}. Thread-safe.
 */
public final class WireMesh implements AutoCloseable {
    private static final Set<WireMesh> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(WireMesh::closeLast), "wire-meshes"));
    }

    /** How long whoever has one may take to close it when the JVM is asked to end: longer than a command's last words. */
    private static final Duration LAST = Duration.ofSeconds(10);

    private final WireCommands commands;
    private final Shaping shaping;
    private final double lossPercent;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether there is netem. */
    private enum Shaping {
        NETEM,
        /** Wires pass what comes, as it comes. */
        NONE
    }

    private WireMesh(WireCommands commands, Shaping shaping, double lossPercent) {
        this.commands = commands;
        this.shaping = shaping;
        this.lossPercent = lossPercent;
    }

    /**
     * Makes it, after what processes left behind that were killed is gone.
     *
     * @param nodes how many
     * @param lossPercent how many of a hundred packets are lost, by chance, each way
     * @throws UncheckedIOException if that fails; nothing is left then
     */
    public static WireMesh open(int nodes, double lossPercent) {
        return open(nodes, Shaping.NETEM, lossPercent);
    }

    /** The same where there is no netem: paths have no conditions, and cannot be held. */
    public static WireMesh unshaped(int nodes) {
        return open(nodes, Shaping.NONE, 0);
    }

    private static WireMesh open(int nodes, Shaping shaping, double lossPercent) {
        Namespaces.deleteStale();
        WireMesh mesh = new WireMesh(new WireCommands(Namespaces.group(), nodes), shaping, lossPercent);
        OPEN.add(mesh);
        try {
            mesh.commands.make().forEach(WireMesh::run);
            return mesh;
        } catch (RuntimeException failed) {
            mesh.close();
            throw failed;
        }
    }

    /** Why there can be none here, if there cannot, in a few words, with what was expected. Leaves nothing behind. */
    public static Optional<String> refusal() {
        for (String tool : List.of("ip", "tc", "ss")) {
            if (!Shell.has(tool)) {
                return Optional.of("there is no " + tool + " (expected: Linux's iproute2)");
            }
        }
        String scratch = Namespaces.group() + "-scratch";
        try {
            Shell.Result made = Shell.attempt("ip", "netns", "add", scratch);
            if (!made.succeeded()) {
                return Optional.of("no network namespace can be made: " + oneLine(made) + " (expected: root with"
                        + " CAP_SYS_ADMIN and CAP_NET_ADMIN; in Docker, --privileged)");
            }
            Shell.Result wired =
                    Shell.attempt("ip", "-n", scratch, "link", "add", "wire0", "type", "veth", "peer", "name", "wire1");
            if (!wired.succeeded()) {
                return Optional.of("no wire can be made: " + oneLine(wired) + " (expected: a kernel with veth)");
            }
            Shell.Result shaped =
                    Shell.attempt("tc", "-n", scratch, "qdisc", "add", "dev", "wire0", "root", "netem", "delay", "1ms");
            return shaped.succeeded()
                    ? Optional.empty()
                    : Optional.of("no path can be shaped: " + oneLine(shaped)
                            + " (expected: a kernel with netem, sch_netem)");
        } finally {
            Namespaces.delete(scratch);
        }
    }

    private static String oneLine(Shell.Result result) {
        return result.output().replaceAll("\\s+", " ");
    }

    /** A command, to be run where a node is. */
    public List<String> within(int node, List<String> command) {
        return Testbed.within(commands.namespace(node), command.toArray(String[]::new));
    }

    /** The way from a node to another; a way for each direction. Its conditions are in force when this returns. */
    public NetPath path(int from, int to, InetSocketAddress target, WanConditions conditions) {
        return new WirePath(from, to, target.getPort(), conditions);
    }

    /** Its names, to be found by whoever looks what is left. */
    public List<String> namespaces() {
        return commands.namespaces();
    }

    /** Ends what still runs in the namespaces, and deletes them, also on a thread that is interrupted. Idempotent. */
    @Override
    public void close() {
        if (!OPEN.contains(this)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            commands.namespaces().forEach(Namespaces::delete);
        } finally {
            OPEN.remove(this);
            closed.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The JVM ends: whoever has it closes it, or else this does. */
    private void closeLast() {
        try {
            boolean unused = closed.await(LAST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private static String run(List<String> command) {
        Shell.Result result = Shell.attempt(command.toArray(String[]::new));
        if (!result.succeeded()) {
            throw new UncheckedIOException(new IOException(
                    String.join(" ", command) + ": exit code " + result.exitCode() + ", " + oneLine(result)));
        }
        return result.output();
    }

    /** One direction of a wire, at its sender's end. */
    private final class WirePath implements NetPath {
        private final int from;
        private final int to;

        // Guarded by this.
        private int port;
        private WanConditions conditions;
        private boolean held;

        WirePath(int from, int to, int port, WanConditions conditions) {
            this.from = from;
            this.to = to;
            this.port = port;
            this.conditions = conditions;
            shape();
        }

        private synchronized void shape() {
            if (shaping == Shaping.NETEM) {
                run(held ? commands.hole(from, to, conditions) : commands.shape(from, to, conditions, lossPercent));
            }
        }

        @Override
        public synchronized InetSocketAddress address() {
            return new InetSocketAddress(WireCommands.address(to, from), port);
        }

        @Override
        public synchronized void target(InetSocketAddress next) {
            port = next.getPort();
        }

        @Override
        public synchronized void conditions(WanConditions next) {
            requireNetem();
            conditions = next;
            shape();
        }

        @Override
        public synchronized void hold() {
            requireNetem();
            held = true;
            shape();
        }

        @Override
        public synchronized void release() {
            requireNetem();
            held = false;
            shape();
        }

        /** A kernel that destroys no sockets says so, and succeeds. */
        @Override
        public void reset() {
            String said = run(commands.reset(from, to));
            if (said.contains("SOCK_DESTROY")) {
                throw new UncheckedIOException(new IOException(
                        "reset: " + said + " (expected: a kernel that destroys sockets, CONFIG_INET_DIAG_DESTROY)"));
            }
        }

        private void requireNetem() {
            if (shaping == Shaping.NONE) {
                throw new IllegalStateException("path: unshaped (expected: netem)");
            }
        }
    }
}
