/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Json;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.ProtocolConverter;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.LastingPeer;
import io.softclose.bench.node.RequestRun;
import io.softclose.net.Connection;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Dials, asks, closes, and prints how many answers came and why the others did not. */
@Command(
        name = "request",
        description = {
            "Makes requests (AptosNet's RPC) to an AptosNet node, so many at a time, closes the connection under the close"
                    + " policy, and prints what became of them as one line of JSON.",
            "What takes longer than a second tells on standard error how far it is. Asked to end earlier (SIGTERM, SIGINT), it closes then, and prints all the same; asked again, at once."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RequestCommand extends DialCommand<RequestRun.Result, SendResult> {
    /** As many as a connection makes at a time at most, see {@link Limits#maxOutboundRequests}. */
    private static final int MOST_IN_FLIGHT = 1 << 20;

    private final RequestRun.Tally tally = new RequestRun.Tally();

    @Mixin
    private LoadOptions load;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "ConsensusRpcBcs",
            converter = ProtocolConverter.class,
            description = "Their protocol; ${DEFAULT-VALUE} by default.")
    private ProtocolId protocol;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "How many may await their answers at a time; ${DEFAULT-VALUE} by default. A peer answers a hundred"
                            + " at a time, unless it is set otherwise, and drops the others.")
    private int inFlight;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description =
                    "The most that connecting may take, and again the most that each answer may take; with"
                            + " --reconnect the most that each answer may take, connecting included; ${DEFAULT-VALUE} by default.")
    private Duration timeout;

    @Override
    NetworkBuilder prepare(NetworkBuilder settings) {
        load.check(this);
        requireWithin("in-flight", inFlight, 1, MOST_IN_FLIGHT);
        requireSome(timeout);
        return settings.limits(Limits.builder()
                        .dialTimeout(dialTimeout(timeout))
                        .handshakeTimeout(dialTimeout(timeout))
                        .maxOutboundRequests(inFlight)
                        .build())
                .support(protocol);
    }

    @Override
    RequestRun.Result over(Connection connection) throws InterruptedException {
        return run().over(connection);
    }

    @Override
    SendResult over(Peer peer, LastingPeer lasting) throws InterruptedException {
        return run().to(peer);
    }

    private RequestRun run() {
        return new RequestRun(load.count(), this::message, timeout, inFlight, tally);
    }

    @Override
    String progress(LaneAccount account) {
        return tally.made() + " of " + load.count() + " made, " + tally.answered() + " answered";
    }

    private Message message(int sequence) {
        return load.message(protocol, 0, sequence);
    }

    @Override
    ExitCode print(RequestRun.Result result, Console console) {
        console.events().begin("report", json -> {
            json.writeStringField("to", to().toString());
            json.writeNumberField("requested", load.count());
            json.writeNumberField("made", tally.made());
            json.writeStringField("lastRequest", result.lastRequest().name());
            json.writeNumberField("answered", tally.answered());
            tally.write(json);
            Json.report(json, result.report());
        });
        complainOf(result.notConnected(), console);
        return result.exitCode(load.count(), tally);
    }

    @Override
    ExitCode print(SendResult lastRequest, LastingPeer.End end, Console console) {
        console.events().begin("report", json -> {
            json.writeStringField("to", to().toString());
            json.writeNumberField("requested", load.count());
            json.writeNumberField("made", tally.made());
            json.writeStringField("lastRequest", lastRequest.name());
            json.writeNumberField("answered", tally.answered());
            tally.write(json);
            write(json, end);
        });
        complainOf(end.notConnected(), console);
        return RequestRun.exitCode(load.count(), tally, end);
    }
}
