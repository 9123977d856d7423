/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Json;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.ProtocolConverter;
import io.softclose.bench.node.Console;
import io.softclose.bench.node.LastingPeer;
import io.softclose.bench.node.PeerSendRun;
import io.softclose.bench.node.SendRun;
import io.softclose.net.Connection;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Dials, sends, closes, and prints the report. */
@Command(
        name = "send",
        description = {
            "Sends messages to an AptosNet node, waiting for room when the outbox is full, closes the connection under the"
                    + " close policy, and prints what became of the messages as one line of JSON.",
            "What takes longer than a second tells on standard error how far it is. Asked to end earlier (SIGTERM, SIGINT), it closes then, and prints all the same; asked again, at once."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SendCommand extends DialCommand<SendRun.Result, PeerSendRun.Result> {
    private final LongAdder received = new LongAdder();

    @Mixin
    private LoadOptions load;

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
                    + " outbox may take; with --reconnect the most that all of it may take; ${DEFAULT-VALUE} by"
                    + " default.")
    private Duration timeout;

    @Override
    NetworkBuilder prepare(NetworkBuilder settings) {
        load.check(this);
        requireWithin("priority", priority, 0, Message.MAX_PRIORITY);
        requireSome(timeout);
        return settings.limits(Limits.builder()
                        .dialTimeout(dialTimeout(timeout))
                        .handshakeTimeout(dialTimeout(timeout))
                        .build())
                .handle(protocol, (connection, message) -> received.increment());
    }

    @Override
    SendRun.Result over(Connection connection) throws InterruptedException {
        return new SendRun(load.count(), this::message, timeout, closeAfter).over(connection);
    }

    @Override
    PeerSendRun.Result over(Peer peer, LastingPeer lasting) throws InterruptedException {
        return new PeerSendRun(load.count(), this::message, timeout, closeAfter).to(peer, lasting);
    }

    @Override
    String progress(LaneAccount total) {
        return total.accepted() + " of " + load.count() + " accepted, " + total.count(Outcome.WRITTEN) + " written";
    }

    private Message message(int sequence) {
        return load.message(protocol, priority, sequence);
    }

    @Override
    ExitCode print(SendRun.Result result, Console console) {
        console.events().begin("report", json -> {
            json.writeStringField("to", to().toString());
            json.writeNumberField("requested", load.count());
            json.writeNumberField("accepted", result.accepted());
            json.writeStringField("lastSend", result.lastSend().name());
            json.writeNumberField("received", received.sum());
            Json.report(json, result.report());
        });
        complainOf(result.notConnected(), console);
        return result.exitCode(load.count());
    }

    @Override
    ExitCode print(PeerSendRun.Result result, LastingPeer.End end, Console console) {
        console.events().begin("report", json -> {
            json.writeStringField("to", to().toString());
            json.writeNumberField("requested", load.count());
            json.writeNumberField("accepted", result.accepted());
            json.writeStringField("lastSend", result.lastSend().name());
            json.writeNumberField("received", received.sum());
            write(json, end);
        });
        complainOf(end.notConnected(), console);
        return PeerSendRun.exitCode(load.count(), end);
    }
}
