/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.micrometer.core.instrument.Tags;
import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.MetricsOptions;
import io.softclose.bench.cli.option.NetworkOptions;
import io.softclose.bench.cli.option.ProtocolConverter;
import io.softclose.bench.cli.option.ShutdownOptions;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.MetricsServer;
import io.softclose.bench.node.Node;
import io.softclose.bench.node.Termination;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.metrics.NetworkMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Listens, and prints everything that happens. */
@Command(
        name = "node",
        description = {
            "Accepts AptosNet connections and prints every event as one line of JSON: listening, metrics, connected, message,"
                    + " request, unhandled, violation, refused, echo-refused, callback-failed, disconnected (with the report),"
                    + " shutdown;"
                    + " unfinished for a connection that had not closed in the end, and lines-lost where its reader is"
                    + " slower than what happens.",
            "Ends when it is asked to (SIGTERM, SIGINT), after closing its connections under the close policy, and at"
                    + " once when it is asked again; with an error when nobody reads its output any more."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NodeCommand implements Callable<Integer> {
    /** As many as the default settings of health checks have. */
    private static final int INTERVALS_WITHOUT_PROGRESS = 12;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private ShutdownOptions shutdown;

    @Mixin
    private MetricsOptions metrics;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "ADDRESS",
            converter = Endpoint.Converter.class,
            description = "Where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH; port 0 lets the system choose.")
    private Endpoint listen;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            converter = ProtocolConverter.class,
            description = "Supports this protocol, for example ConsensusDirectSendBcs or 64:chat; may be repeated."
                    + " AptosNet's by default.")
    private List<ProtocolId> protocols = ProtocolConverter.USABLE;

    @Option(names = "--echo", description = "Sends every message back.")
    private boolean echo;

    @Option(names = "--answer", description = "Answers every request with its own payload.")
    private boolean answer;

    @Option(
            names = "--health-interval",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "Asks each peer so often whether it is alive, allows twice as long for an answer, and closes the"
                            + " connection after the fourth failure in a row, for NETWORK_HEALTH_CHECK_FAILURE. AptosNet's"
                            + " interval is 10s. Without it only the peers' own checks are answered.")
    private @Nullable Duration healthInterval;

    @Override
    public Integer call() throws IOException, InterruptedException {
        NetworkBuilder settings = options.network(Optional.empty());
        Termination termination = Termination.arm(shutdown.budget());
        // Releases the process last, when everything is printed.
        try (termination;
                Console console = Console.of(spec.commandLine())) {
            Optional<MetricsServer> served = metrics.serve(console.events());
            try {
                return run(settings, served, console, termination).code();
            } finally {
                served.ifPresent(MetricsServer::close);
            }
        }
    }

    private ExitCode run(
            NetworkBuilder settings, Optional<MetricsServer> served, Console console, Termination termination)
            throws IOException, InterruptedException {
        Optional<NetworkMetrics> meters = served.map(server -> server.meters(Tags.empty()));
        meters.ifPresent(settings::addEvents);
        Node node = new Node(settings, protocols, replies(), checker(), console.events());
        meters.ifPresent(node::watchedBy);
        console.events().broken().thenRun(termination::request);
        listen(node);
        termination.requested().toCompletableFuture().join();
        return console.finish(end(node, termination), termination.left());
    }

    /** With the other times in AptosNet's proportions. */
    private Optional<HealthChecker> checker() {
        if (Duration.ZERO.equals(healthInterval)) {
            throw new ParameterException(spec.commandLine(), "health-interval: 0s (expected: > 0)");
        }
        return Optional.ofNullable(healthInterval)
                .map(interval -> new HealthChecker(HealthSettings.builder()
                        .interval(interval)
                        .timeout(interval.multipliedBy(2))
                        .progressTimeout(interval.multipliedBy(INTERVALS_WITHOUT_PROGRESS))
                        .build()));
    }

    private Set<Node.Reply> replies() {
        Set<Node.Reply> replies = EnumSet.noneOf(Node.Reply.class);
        if (echo) {
            replies.add(Node.Reply.ECHO);
        }
        if (answer) {
            replies.add(Node.Reply.ANSWER);
        }
        return replies;
    }

    private static ExitCode end(Node node, Termination termination) {
        CompletableFuture<ShutdownReport> report =
                node.shutdown(termination.closing()).toCompletableFuture();
        termination.insisted().thenRun(node::abort);
        CompletableFuture.anyOf(report, termination.exhausted().toCompletableFuture())
                .join();
        Optional<ShutdownReport> known = report.isDone() ? Optional.of(report.join()) : node.printUnfinished();
        return known.filter(ShutdownReport::balanced).isPresent() ? ExitCode.OK : ExitCode.FELL_SHORT;
    }

    private void listen(Node node) throws IOException {
        try {
            node.listen(listen.resolve());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
