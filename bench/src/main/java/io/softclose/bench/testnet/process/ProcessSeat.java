/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import io.softclose.bench.Failures;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.Seat;
import io.softclose.bench.testnet.process.ToldLines.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The other end of a {@link ValidatorProcess}. Its methods are for one thread; what the process says is handed on by another. */
final class ProcessSeat implements Seat {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LAST_LINES = 5;
    private static final int NOBODY = -1;

    private final String name;
    private final Runnable onKill;
    private final ChildProcess process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
    private final long launchedAt = System.nanoTime();

    // Confined to the thread that hears the process, and to whoever waits for its end.
    private final Listener listener = new Listener();
    private boolean saidEnded;

    // Set before the process is told anything.
    private volatile int index = NOBODY;
    private volatile ValidatorEvents events = ValidatorEvents.none();
    private volatile @Nullable ConnectionLog connections;

    // Shared: written by the thread that hears the process.
    private volatile long connected;
    private volatile @Nullable String failure;

    // Confined to the one thread.
    private @Nullable Stall stall;
    private long killedAt;

    /**
     * A process that is being started, and waits to be told which validator it is.
     *
     * @param command that runs a {@link ValidatorProcess}
     * @param onKill run when it has been killed on purpose
     */
    ProcessSeat(String name, List<String> command, Runnable onKill) {
        this.name = name;
        this.onKill = onKill;
        process = ChildProcess.start(name, command, this::hear);
        var unused = process.ended().thenAccept(code -> {
            IOException gone = new IOException(gone(code));
            ready.completeExceptionally(gone);
            listening.completeExceptionally(gone);
        });
    }

    private String who() {
        return index == NOBODY ? name : "validator " + index + "'s process";
    }

    private String gone(int code) {
        List<String> output = process.output();
        return who() + " has ended with exit code " + code + ", and printed last: "
                + output.subList(Math.max(0, output.size() - LAST_LINES), output.size());
    }

    /**
     * Makes it a validator, and waits until that listens.
     *
     * @param host the address to listen at
     */
    void open(
            NodeSettings settings,
            String host,
            Path keyStore,
            Path store,
            Function<LongSupplier, ValidatorEvents> toEvents,
            ConnectionLog toConnections)
            throws IOException {
        await(ready);
        index = settings.index();
        events = toEvents.apply(listener);
        connections = toConnections;
        tell("open " + ValidatorProcess.encoded(keyStore) + " " + ValidatorProcess.encoded(store) + " " + host + " "
                + settings.line());
        await(listening);
    }

    private void await(CompletableFuture<?> what) throws IOException {
        try {
            what.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException(who() + " was not there within " + PATIENCE.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw new IOException(Failures.describe(failed), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(who() + ": interrupted", interrupted);
        }
    }

    private void tell(String command) throws IOException {
        String failed = failure;
        if (failed != null) {
            throw new IOException(who() + ": " + failed);
        }
        process.tell(command);
    }

    private void hear(String line) {
        try {
            String[] words = line.split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "told" -> told(rest);
                case "connections" -> connected = Long.parseLong(rest);
                case "listening" ->
                    listening.complete(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(rest)));
                case "ready" -> ready(Long.parseLong(rest));
                case "ended" -> saidEnded = true;
                case "failed" -> fail(rest);
                default -> fail("it printed \"" + line + "\" (expected: what it is told to print)");
            }
        } catch (RuntimeException strange) {
            fail("it printed \"" + line + "\": " + strange);
        }
    }

    private void told(String rest) {
        ConnectionLog log = connections;
        if (log != null) {
            listener.hear(rest, events, log);
        }
    }

    /** Times of all processes are compared: they are from one clock, the system's since its start. */
    private void ready(long itsNanos) {
        if (itsNanos < launchedAt || itsNanos > System.nanoTime()) {
            fail("its clock is not this process's (expected: System.nanoTime() of one origin)");
        }
        ready.complete(null);
    }

    private void fail(String what) {
        failure = what;
        listening.completeExceptionally(new IOException(who() + ": " + what));
        ConnectionLog log = connections;
        if (log != null) {
            log.fault(who() + ": " + what);
        }
    }

    @Override
    public InetSocketAddress address() {
        return listening.join();
    }

    @Override
    public void connect(Map<Integer, InetSocketAddress> addresses) throws IOException {
        tell("connect "
                + addresses.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + Endpoint.format(entry.getValue()))
                        .collect(Collectors.joining(" ")));
    }

    @Override
    public long connected() {
        return connected;
    }

    @Override
    public void start() throws IOException {
        tell("start");
    }

    @Override
    public void distrust(int other) throws IOException {
        tell("distrust " + other);
    }

    @Override
    public void trust(int other) throws IOException {
        tell("trust " + other);
    }

    @Override
    public boolean inProcessOfItsOwn() {
        return true;
    }

    @Override
    public void stall() throws IOException {
        stall = Stall.of(process.pid());
    }

    @Override
    public void resume() {
        Stall stalled = stall;
        stall = null;
        if (stalled != null) {
            stalled.close();
        }
    }

    @Override
    public CompletionStage<Void> kill() {
        killedAt = System.nanoTime();
        process.kill();
        onKill.run();
        return process.ended().thenAccept(code -> {});
    }

    @Override
    public CompletionStage<Void> shutdown(Duration budget) {
        process.tell("shutdown " + budget.toMillis());
        return process.ended().thenAccept(code -> {
            if (!saidEnded) {
                throw new IllegalStateException(gone(code));
            }
        });
    }

    @Override
    public MessageTally messages() {
        return listener.messages();
    }

    @Override
    public Optional<Missing> missing() {
        return killedAt == 0
                ? Optional.empty()
                : Optional.of(new Missing(
                        index,
                        listener.messages().pending(),
                        Duration.ofNanos(Math.max(0, killedAt - listener.accountAt()))));
    }

    /** Ends it soon, whatever it does. */
    void destroy() {
        process.kill();
    }

    /** Ends it, and waits for its end. */
    void close() {
        destroy();
        resume();
        process.close();
    }
}
