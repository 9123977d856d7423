/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.bench.Json;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Listener;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.ShutdownReport;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.metrics.NetworkMetrics;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node that prints everything that happens to it, and sends messages and requests back if asked to. */
public final class Node implements NetworkEvents {
    /** What is sent back. */
    public enum Reply {
        /** Messages, as messages. */
        ECHO,
        /** The payloads of requests, as their answers. */
        ANSWER
    }

    private final EventLog log;
    private final Set<Reply> replies;
    private final Optional<HealthChecker> checker;
    private final Network network;
    private final Map<Long, Echo> echoes = new ConcurrentHashMap<>();
    /** The reports of connections that closed since the shutdown began. */
    private final Queue<CloseReport> reports = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean printed = new AtomicBoolean();
    private volatile boolean shuttingDown;
    private volatile long shutdownNanos;

    /**
     * A node that does not listen yet.
     *
     * @param settings what it is made of; this adds the protocols and the observer
     * @param checker checks its peers' health once it listens, if there is one; theirs are answered in any case
     */
    public Node(
            NetworkBuilder settings,
            Collection<ProtocolId> protocols,
            Set<Reply> replies,
            Optional<HealthChecker> checker,
            EventLog log) {
        this.log = log;
        this.replies = Set.copyOf(replies);
        this.checker = checker;
        protocols.forEach(protocol -> settings.handle(protocol, this::received));
        if (replies.contains(Reply.ANSWER)) {
            protocols.forEach(protocol -> settings.answer(protocol, this::answer));
        }
        // After all others: a check's answer is no copy of it.
        if (checker.isPresent()) {
            checker.get().join(settings);
        } else if (protocols.contains(ProtocolId.HEALTH_CHECKER_RPC)) {
            HealthChecker.answer(settings);
        }
        network = settings.addEvents(this).build();
    }

    /** Has these meters show its peers, too. */
    public void watchedBy(NetworkMetrics metrics) {
        metrics.watch(network);
    }

    /**
     * Accepts connections, until it is shut down.
     *
     * @return where it listens
     */
    public SocketAddress listen(SocketAddress local) throws IOException {
        Listener listener = network.listen(local);
        checker.ifPresent(checks -> checks.start(network));
        // Nothing is printed of a connection before the listener that accepted it.
        log.begin("listening", json -> {
            json.writeStringField("address", Endpoint.format(listener.localAddress()));
            json.writeStringField("peer", network.peerId().toString());
        });
        return listener.localAddress();
    }

    /** Closes every connection under the close policy, within this time; prints when that is done. */
    public CompletionStage<ShutdownReport> shutdown(Duration budget) {
        shutdownNanos = System.nanoTime();
        shuttingDown = true;
        return network.shutdown(budget).thenApply(report -> {
            printShutdown(report);
            return report;
        });
    }

    /** Closes every connection at once. */
    public void abort() {
        network.connections().forEach(Connection::abort);
        network.shutdown(Duration.ZERO);
    }

    /**
     * Prints what is known of a shutdown that is not over: of the connections that are not closed, or, if all are, and only
     * sockets linger, of the shutdown.
     *
     * @return the reports of the connections that are closed, if all are
     */
    public Optional<ShutdownReport> printUnfinished() {
        List<Connection> left = network.connections();
        left.forEach(connection -> log.print("unfinished", json -> Json.unfinished(json, connection)));
        if (!left.isEmpty()) {
            return Optional.empty();
        }
        ShutdownReport soFar =
                new ShutdownReport(Duration.ofNanos(System.nanoTime() - shutdownNanos), List.copyOf(reports), 0);
        printShutdown(soFar);
        return Optional.of(soFar);
    }

    private void printShutdown(ShutdownReport report) {
        if (printed.compareAndSet(false, true)) {
            log.print("shutdown", json -> {
                json.writeNumberField("durationMillis", Json.millis(report.duration()));
                json.writeNumberField("connections", report.connections().size());
                json.writeBooleanField("balanced", report.balanced());
            });
        }
    }

    private void received(Connection connection, Message message) {
        printOneOfMany("message", connection, message);
        if (replies.contains(Reply.ECHO)) {
            echoes.computeIfAbsent(connection.id(), id -> new Echo(connection, (m, why) -> echoRefused(id, m, why)))
                    .take(message);
        }
    }

    private Message answer(Connection connection, Message request) {
        printOneOfMany("request", connection, request);
        return request;
    }

    private void printOneOfMany(String event, Connection connection, Message message) {
        log.printOneOfMany(event, json -> {
            json.writeNumberField("connection", connection.id());
            Json.message(json, message);
        });
    }

    private void echoRefused(long connection, Message message, SendResult why) {
        log.printOneOfMany("echo-refused", json -> {
            json.writeNumberField("connection", connection);
            json.writeStringField("result", why.name());
            Json.message(json, message);
        });
    }

    @Override
    public void connected(Connection connection) {
        log.print("connected", json -> {
            json.writeNumberField("connection", connection.id());
            json.writeStringField("peer", connection.peer().toString());
            json.writeBooleanField("proven", connection.provenPeer().isPresent());
            json.writeStringField("remote", Endpoint.format(connection.remoteAddress()));
            json.writeArrayFieldStart("protocols");
            for (ProtocolId protocol : connection.protocols().stream().sorted().toList()) {
                json.writeString(protocol.name());
            }
            json.writeEndArray();
        });
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        echoes.remove(connection.id());
        if (shuttingDown) {
            reports.add(report);
        }
        log.print("disconnected", json -> {
            json.writeNumberField("connection", connection.id());
            Json.report(json, report);
        });
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        log.print("refused", json -> {
            json.writeStringField("remote", Endpoint.format(remote));
            json.writeStringField("failure", cause.failure().name());
            json.writeStringField("detail", cause.getMessage());
        });
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        log.print("violation", json -> {
            json.writeNumberField("connection", connection.id());
            json.writeStringField("detail", detail);
        });
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        log.print("unhandled", json -> {
            json.writeNumberField("connection", connection.id());
            json.writeStringField("protocol", protocol.name());
        });
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        log.print("callback-failed", json -> {
            json.writeNumberField("connection", connection.id());
            json.writeStringField("callback", callback);
            json.writeStringField("failure", failure.toString());
        });
    }
}
