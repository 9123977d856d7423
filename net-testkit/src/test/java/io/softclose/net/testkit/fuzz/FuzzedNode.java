/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node made with the public API, which writes down what it is told. */
final class FuzzedNode implements NetworkEvents {
    static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;
    static final Duration CLOSE_DEADLINE = Duration.ofSeconds(1);
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(2);

    private final Network network;
    private final boolean echoes;
    private final List<Connection> connected = new ArrayList<>();
    private final Map<Connection, CloseReport> reports = new HashMap<>();
    private final List<byte[]> handled = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    FuzzedNode(Transport transport, int number, boolean echoes, Limits limits) {
        this.echoes = echoes;
        byte[] identity = new byte[PeerId.LENGTH];
        identity[0] = (byte) number;
        network = Network.builder()
                // As any plaintext, but that thousands of networks do not say so in the log.
                .identityExchange((link, direction, dialled) ->
                        IdentityExchange.plaintext().begin(link, direction, dialled))
                .peerId(PeerId.of(identity))
                .transport(transport)
                .closePolicy(new ShortPolicy())
                .limits(limits)
                .handle(PROTOCOL, this::handle)
                .events(this)
                .build();
    }

    Network network() {
        return network;
    }

    List<Connection> connected() {
        return connected;
    }

    Map<Connection, CloseReport> reports() {
        return reports;
    }

    /** Payloads that its handler got, in order. */
    List<byte[]> handled() {
        return handled;
    }

    List<Throwable> failures() {
        return failures;
    }

    private void handle(Connection connection, Message message) {
        byte[] payload = new byte[message.size()];
        message.payload().get(payload);
        handled.add(payload);
        if (echoes) {
            // A hostile peer may have ended, or take nothing.
            var unused = connection.send(Message.of(PROTOCOL, message.priority(), payload));
        }
    }

    @Override
    public void connected(Connection connection) {
        connected.add(connection);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        reports.merge(connection, report, (first, second) -> {
            throw new AssertionError("a second report: " + second);
        });
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        failures.add(failure);
    }

    /** Sends everything if it can in a second, and parts with a half-close. */
    private static final class ShortPolicy implements ClosePolicy {
        @Override
        public String name() {
            return "short";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(ClosePlan.Admission.SEAL, CLOSE_DEADLINE, CLOSE_DEADLINE.dividedBy(4));
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            return now.sealed() && now.drained()
                    ? CloseDecision.finish()
                    : CloseDecision.drain(now, CLOSE_DEADLINE.dividedBy(20));
        }
    }
}
