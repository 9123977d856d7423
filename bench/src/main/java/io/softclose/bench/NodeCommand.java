/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import io.softclose.net.ProtocolId;
import io.softclose.net.ShutdownReport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
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
            "Accepts AptosNet connections and prints every event as one line of JSON: listening, connected, message,"
                    + " violation, refused, echo-refused, callback-failed, disconnected (with the report), shutdown.",
            "Ends when it is asked to (SIGTERM, SIGINT), after closing its connections under the close policy."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NodeCommand implements Callable<Integer> {
    /** More than the budget of a network's shutdown, 30 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions options;

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
            description =
                    "Supports this protocol, for example ConsensusDirectSendBcs; may be repeated. All by default.")
    private List<ProtocolId> protocols = ProtocolConverter.USABLE;

    @Option(names = "--echo", description = "Sends every message back.")
    private boolean echo;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        EventLog log = new EventLog(spec.commandLine().getOut(), InstantSource.system());
        Node node = new Node(options.network(), protocols, echo ? Node.Reply.ECHO : Node.Reply.NONE, log);
        try (Termination termination = Termination.arm(PATIENCE)) {
            listen(node);
            ShutdownReport report = termination
                    .requested()
                    .thenCompose(asked -> node.shutdown())
                    .toCompletableFuture()
                    .get();
            return (report.balanced() ? ExitCode.OK : ExitCode.FELL_SHORT).code();
        }
    }

    private void listen(Node node) throws IOException {
        try {
            node.listen(listen.resolve());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
