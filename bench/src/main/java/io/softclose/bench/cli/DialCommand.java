/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.bench.Json;
import io.softclose.bench.cli.option.NetworkOptions;
import io.softclose.bench.cli.option.ShutdownOptions;
import io.softclose.bench.cli.option.TlsOptions;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.EventLog;
import io.softclose.bench.node.LastingPeer;
import io.softclose.bench.node.Progress;
import io.softclose.bench.node.Termination;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import java.io.IOException;
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
 * A command that dials a peer, does something over the connection, or over one after the other, and prints what came of it, however
 * it is asked to end.
 *
 * @param <C> what came of it over one connection
 * @param <P> what came of it over as many as it took
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class DialCommand<C, P> implements Callable<Integer> {
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

    @Option(
            names = "--reconnect",
            description =
                    "Addresses the peer and not a connection: what one that ends has not delivered goes to the next, which"
                            + " is dialled until the timeout is over. Over TLS it needs --expect, because a peer's messages go to"
                            + " who has proved to be that peer; in plaintext they go to whoever is at the address.")
    private boolean reconnect;

    /**
     * Looks at the options, and adds to the network's settings what the command needs.
     *
     * @throws ParameterException if an option's value is wrong
     */
    abstract NetworkBuilder prepare(NetworkBuilder settings);

    /** Does it over a connection that is being dialled, and closes it. On a thread of its own, which it may block. */
    abstract C over(Connection connection) throws InterruptedException;

    /** Does it for a peer that is being dialled, and dialled again. On a thread of its own, which it may block. */
    abstract P over(Peer peer, LastingPeer lasting) throws InterruptedException;

    /** How far it is, in words, by what was accepted of it and how that ended. */
    abstract String progress(LaneAccount account);

    /** Prints what came of it. */
    abstract ExitCode print(C result, Console console);

    /** Prints what came of it, and of all connections. */
    abstract ExitCode print(P result, LastingPeer.End end, Console console);

    /** What is played: over one connection, or over as many as it takes. */
    private interface Play<R> {
        /** On a thread of its own, which it may block. */
        R run() throws InterruptedException;

        String stage();

        ExitCode print(R result, Console console);
    }

    private final class OneConnection implements Play<C> {
        private final Connection connection;

        OneConnection(Connection connection) {
            this.connection = connection;
        }

        @Override
        public C run() throws InterruptedException {
            return over(connection);
        }

        @Override
        public String stage() {
            ConnectionState state = connection.state();
            return state.compareTo(ConnectionState.OPEN) < 0
                    ? "connecting to " + to
                    : (state.closing() ? "closing, " : "")
                            + progress(connection.account().total());
        }

        @Override
        public ExitCode print(C result, Console console) {
            return DialCommand.this.print(result, console);
        }
    }

    /** What came of it, and of all connections. */
    private record Ended<P>(P result, LastingPeer.End end) {}

    private final class ManyConnections implements Play<Ended<P>> {
        private final Network network;
        private final LastingPeer lasting;
        private final Peer peer;

        ManyConnections(Network network, LastingPeer lasting, Peer peer) {
            this.network = network;
            this.lasting = lasting;
            this.peer = peer;
        }

        @Override
        public Ended<P> run() throws InterruptedException {
            P result = over(peer, lasting);
            return new Ended<>(result, lasting.end(network, shutdown.budget()));
        }

        @Override
        public String stage() {
            String connection = peer.connection().isPresent()
                    ? ""
                    : (network.closing() ? "closing, " : "connecting to " + to + ", ");
            return connection + progress(peer.account().messages().total());
        }

        @Override
        public ExitCode print(Ended<P> ended, Console console) {
            return DialCommand.this.print(ended.result(), ended.end(), console);
        }
    }

    @Override
    public final Integer call() throws InterruptedException {
        if (to instanceof Endpoint.Tcp tcp) {
            requireWithin("port", tcp.port(), 1, Endpoint.Syntax.MAX_PORT);
        }
        NetworkBuilder settings = prepare(options.network(Optional.ofNullable(expected)));
        if (reconnect && options.peersProve() && expected == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expect: nobody (expected: --expect PEERID with --reconnect, to say to whom messages go)");
        }
        LastingPeer lasting = new LastingPeer();
        Network network = (reconnect ? settings.events(lasting) : settings).build();
        Termination termination = Termination.arm(shutdown.budget());
        // Releases the process last, when everything is printed.
        try (termination;
                Console console = Console.of(spec.commandLine())) {
            termination.requested().thenRun(() -> network.shutdown(termination.closing()));
            termination.insisted().thenRun(() -> abort(network));
            ExitCode code = reconnect
                    ? play(many(network, lasting), network, termination, console)
                    : play(new OneConnection(dial(network)), network, termination, console);
            end(network);
            return console.finish(code, termination.left()).code();
        } catch (UnknownHostException e) {
            complain("host not found: " + e.getMessage());
            return ExitCode.NOT_CONNECTED.code();
        } finally {
            network.shutdown(Duration.ZERO);
        }
    }

    private <R> ExitCode play(Play<R> play, Network network, Termination termination, Console console) {
        CompletableFuture<R> run = start(play);
        Progress progress = Progress.every(PROGRESS, play::stage, console::complain);
        try (progress) {
            CompletableFuture.anyOf(run, termination.exhausted().toCompletableFuture())
                    .join();
        }
        return run.isDone() ? play.print(run.join(), console) : printUnfinished(network, console.events());
    }

    private ManyConnections many(Network network, LastingPeer lasting) throws UnknownHostException {
        PeerId peer = expected == null ? PeerId.random() : expected;
        return new ManyConnections(network, lasting, lasting.keepConnected(network, peer, to.resolve()));
    }

    /** The most that one dial may take: less than everything, if there may be another. */
    final Duration dialTimeout(Duration timeout) {
        Duration usual = Limits.defaults().dialTimeout();
        return reconnect && usual.compareTo(timeout) < 0 ? usual : timeout;
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
    private static <R> CompletableFuture<R> start(Play<R> play) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        result.complete(play.run());
                    } catch (InterruptedException | RuntimeException | Error failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "softclose-sender");
        sender.setDaemon(true);
        sender.start();
        return result;
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

    /** Writes what became of a peer's messages and connections. */
    static void write(JsonGenerator json, LastingPeer.End end) throws IOException {
        Json.account(json, end.account());
        json.writeNumberField("cameBack", end.cameBack());
        Json.returned(json, end.returned());
        json.writeNumberField("connections", end.connections());
        Json.reports(json, "reports", end.reports());
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
