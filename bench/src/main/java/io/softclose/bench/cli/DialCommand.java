/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.bench.Json;
import io.softclose.bench.cli.option.NetworkOptions;
import io.softclose.bench.cli.option.ShutdownOptions;
import io.softclose.bench.cli.option.TlsOptions;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.EventLog;
import io.softclose.bench.node.Progress;
import io.softclose.bench.node.Termination;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.PeerId;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that dials a peer, does something over the connection, and prints what came of it, however it is asked to end.
 *
 * @param <R> what came of it
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class DialCommand<R> implements Callable<Integer> {
    /** What ending the network may take once its connection has ended: a little more than its sockets linger for. */
    private static final Duration LAST_STEP = Duration.ofMillis(1_500);
    /** Between two lines of progress. */
    private static final Duration PROGRESS = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private ShutdownOptions shutdown;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "ADDRESS",
            converter = Endpoint.Converter.class,
            description = "Where the node listens: HOST:PORT, [IPV6]:PORT or unix:PATH.")
    private Endpoint to;

    @Option(
            names = "--expect",
            paramLabel = "PEERID",
            converter = TlsOptions.PeerIdConverter.class,
            description = "Who must be there: anybody else is refused. Trusts this peer, too. Needs --tls-keystore.")
    private @Nullable PeerId expected;

    /**
     * Looks at the options, and adds to the network's settings what the command needs.
     *
     * @throws ParameterException if an option's value is wrong
     */
    abstract NetworkBuilder prepare(NetworkBuilder settings);

    /** Does it over a connection that is being dialled, and closes it. On a thread of its own, which it may block. */
    abstract R over(Connection connection) throws InterruptedException;

    /** How far an open connection is, in words. */
    abstract String progress(Connection connection);

    /** Prints what came of it. */
    abstract ExitCode print(R result, Console console);

    @Override
    public final Integer call() throws InterruptedException {
        if (to instanceof Endpoint.Tcp tcp) {
            requireWithin("port", tcp.port(), 1, Endpoint.Syntax.MAX_PORT);
        }
        Network network =
                prepare(options.network(Optional.ofNullable(expected))).build();
        Termination termination = Termination.arm(shutdown.budget());
        // Releases the process last, when everything is printed.
        try (termination;
                Console console = Console.of(spec.commandLine())) {
            termination.requested().thenRun(() -> network.shutdown(termination.closing()));
            termination.insisted().thenRun(() -> abort(network));
            Connection connection = dial(network);
            CompletableFuture<R> run = start(connection);
            Progress progress = Progress.every(PROGRESS, () -> stage(connection), console::complain);
            try (progress) {
                CompletableFuture.anyOf(run, termination.exhausted().toCompletableFuture())
                        .join();
            }
            ExitCode code = run.isDone() ? print(run.join(), console) : printUnfinished(network, console.events());
            end(network);
            return console.finish(code, termination.left()).code();
        } catch (UnknownHostException e) {
            complain("host not found: " + e.getMessage());
            return ExitCode.NOT_CONNECTED.code();
        } finally {
            network.shutdown(Duration.ZERO);
        }
    }

    /** Where the peer listens. */
    final Endpoint to() {
        return to;
    }

    /** Refuses the command line if an option's value is out of its bounds. */
    final void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    /** Refuses the command line if a timeout is zero. */
    final void requireSome(Duration timeout) {
        if (timeout.isZero()) {
            throw new ParameterException(spec.commandLine(), "timeout: 0 (expected: > 0)");
        }
    }

    private Connection dial(Network network) throws UnknownHostException {
        PeerId peer = expected;
        return peer == null ? network.dial(to.resolve()) : network.dial(peer, to.resolve());
    }

    /** Runs on a thread of its own, which nobody has to wait for. */
    private CompletableFuture<R> start(Connection connection) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        result.complete(over(connection));
                    } catch (InterruptedException | RuntimeException | Error failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "softclose-sender");
        sender.setDaemon(true);
        sender.start();
        return result;
    }

    private String stage(Connection connection) {
        ConnectionState state = connection.state();
        return state.compareTo(ConnectionState.OPEN) < 0
                ? "connecting to " + to
                : (state.closing() ? "closing, " : "") + progress(connection);
    }

    private static void abort(Network network) {
        network.connections().forEach(Connection::abort);
        network.shutdown(Duration.ZERO);
    }

    /** Waits for sockets that linger, too: what their peers have not read yet would end with the process. */
    private static void end(Network network) throws InterruptedException {
        try {
            network.shutdown(Duration.ZERO).toCompletableFuture().get(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException notInTime) {
            // Everything is printed. What is left ends with the process.
        }
    }

    private static ExitCode printUnfinished(Network network, EventLog events) {
        network.connections()
                .forEach(connection -> events.print("unfinished", json -> Json.unfinished(json, connection)));
        return ExitCode.FELL_SHORT;
    }

    /** Says, if the connection never opened, why. */
    static void complainOf(Optional<Throwable> notConnected, Console console) {
        notConnected.ifPresent(failure -> console.complain("not connected: " + Failures.describe(failure)));
    }

    private void complain(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }
}
