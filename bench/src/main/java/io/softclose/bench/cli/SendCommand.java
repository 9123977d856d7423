/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Failures;
import io.softclose.bench.Json;
import io.softclose.bench.Payloads;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.EventLog;
import io.softclose.bench.node.Progress;
import io.softclose.bench.node.SendRun;
import io.softclose.bench.node.Termination;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Dials, sends, closes, and prints the report. */
@Command(
        name = "send",
        description = {
            "Sends messages to an AptosNet node, waiting for room when the outbox is full, closes the connection under the"
                    + " close policy, and prints what became of the messages as one line of JSON.",
            "What takes longer than a second tells on standard error how far it is. Asked to end earlier (SIGTERM, SIGINT), it closes then, and prints all the same; asked again, at once."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SendCommand implements Callable<Integer> {
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

    @Option(names = "--count", required = true, paramLabel = "N", description = "How many messages to send.")
    private int count;

    @Option(
            names = "--size",
            required = true,
            paramLabel = "BYTES",
            description = "Their payload; its first four bytes are the message's number, big-endian, from 0.")
    private int size;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "ConsensusDirectSendBcs",
            converter = ProtocolConverter.class,
            description = "Their protocol; ${DEFAULT-VALUE} by default.")
    private ProtocolId protocol;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "Their priority, 0 to 255, higher is more urgent; ${DEFAULT-VALUE} by default.")
    private int priority;

    @Option(
            names = "--close-after",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Closes this long after connecting, for example 500ms, however much has been sent by then;"
                    + " by default as soon as every message is in the outbox.")
    private @Nullable Duration closeAfter;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "The most that connecting may take, and again the most that getting every message into the"
                    + " outbox may take; ${DEFAULT-VALUE} by default.")
    private Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        requireWithin("count", count, 0, Integer.MAX_VALUE);
        requireWithin("size", size, 0, Limits.defaults().maxPayloadSize());
        requireWithin("priority", priority, 0, Message.MAX_PRIORITY);
        if (to instanceof Endpoint.Tcp tcp) {
            requireWithin("port", tcp.port(), 1, Endpoint.Syntax.MAX_PORT);
        }
        if (timeout.isZero()) {
            throw new ParameterException(spec.commandLine(), "timeout: 0 (expected: > 0)");
        }
        LongAdder received = new LongAdder();
        Network network = options.network(Optional.ofNullable(expected))
                .limits(Limits.builder()
                        .dialTimeout(timeout)
                        .handshakeTimeout(timeout)
                        .build())
                .handle(protocol, (connection, message) -> received.increment())
                .build();
        Termination termination = Termination.arm(shutdown.budget());
        // Releases the process last, when everything is printed.
        try (termination;
                Console console = Console.of(spec.commandLine())) {
            termination.requested().thenRun(() -> network.shutdown(termination.closing()));
            termination.insisted().thenRun(() -> abort(network));
            Connection connection = dial(network);
            CompletableFuture<SendRun.Result> run = start(connection);
            Progress progress = Progress.every(PROGRESS, () -> progress(connection), console::complain);
            try (progress) {
                CompletableFuture.anyOf(run, termination.exhausted().toCompletableFuture())
                        .join();
            }
            ExitCode code =
                    run.isDone() ? print(run.join(), received, console) : printUnfinished(network, console.events());
            end(network);
            return console.finish(code, termination.left()).code();
        } catch (UnknownHostException e) {
            complain("host not found: " + e.getMessage());
            return ExitCode.NOT_CONNECTED.code();
        } finally {
            network.shutdown(Duration.ZERO);
        }
    }

    private Connection dial(Network network) throws UnknownHostException {
        PeerId peer = expected;
        return peer == null ? network.dial(to.resolve()) : network.dial(peer, to.resolve());
    }

    /** Runs on a thread of its own, which nobody has to wait for. */
    private CompletableFuture<SendRun.Result> start(Connection connection) {
        SendRun run = new SendRun(count, this::message, timeout, closeAfter);
        CompletableFuture<SendRun.Result> result = new CompletableFuture<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        result.complete(run.over(connection));
                    } catch (InterruptedException | RuntimeException | Error failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "softclose-sender");
        sender.setDaemon(true);
        sender.start();
        return result;
    }

    private String progress(Connection connection) {
        ConnectionState state = connection.state();
        LaneAccount total = connection.account().total();
        return state.compareTo(ConnectionState.OPEN) < 0
                ? "connecting to " + to
                : (state.closing() ? "closing, " : "") + total.accepted() + " of " + count + " accepted, "
                        + total.count(Outcome.WRITTEN) + " written";
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

    private Message message(int sequence) {
        return Message.of(protocol, priority, Payloads.of(sequence, size));
    }

    private ExitCode print(SendRun.Result result, LongAdder received, Console console) {
        console.events().begin("report", json -> {
            json.writeStringField("to", to.toString());
            json.writeNumberField("requested", count);
            json.writeNumberField("accepted", result.accepted());
            json.writeStringField("lastSend", result.lastSend().name());
            json.writeNumberField("received", received.sum());
            Json.report(json, result.report());
        });
        result.notConnected().ifPresent(failure -> console.complain("not connected: " + Failures.describe(failure)));
        return result.exitCode(count);
    }

    private static ExitCode printUnfinished(Network network, EventLog events) {
        network.connections()
                .forEach(connection -> events.print("unfinished", json -> Json.unfinished(json, connection)));
        return ExitCode.FELL_SHORT;
    }

    private void complain(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }

    private void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
