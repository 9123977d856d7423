/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Providers;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The sending end of a cell, whose close policy is what is compared. */
final class SendingNode implements AutoCloseable {
    /** Room for the longest backlog. */
    private static final Limits LIMITS =
            Limits.builder().outboxMessages(1 << 17).build();

    private final Scenario scenario;
    private final CloseConditions conditions;
    private final Optional<TimelineRecorder> recorder;
    private final Ledger messages;
    private final Transport transport;
    private final Network network;

    /**
     * A node that has not dialled yet.
     *
     * @param messages where what becomes of its messages is written down
     * @param talk where its handler's messages are written down
     * @param recorder notes its close
     */
    SendingNode(Cell cell, Ledger messages, Ledger talk, Optional<TimelineRecorder> recorder) {
        this.scenario = cell.scenario();
        this.conditions = cell.conditions();
        this.recorder = recorder;
        this.messages = messages;
        Transport plain = Providers.transport(cell.transport());
        transport = scenario.throttle()
                .<Transport>map(throttle -> new ThrottledTransport(plain, throttle))
                .orElse(plain);
        ClosePolicy policy = Providers.closePolicy(cell.policy());
        NetworkBuilder builder = Network.builder();
        scenario.supported()
                .forEach(protocol -> builder.handle(protocol, (connection, message) -> talk.arrived(message)));
        network = builder.plaintext()
                .transport(transport)
                .closePolicy(
                        recorder.map(noting -> noting.watched(policy, LIMITS)).orElse(policy))
                .limits(LIMITS)
                .events(new NetworkEvents() {
                    @Override
                    public void disconnected(Connection ended, CloseReport report) {
                        // The table tells of it, and the log need not.
                    }
                })
                .build();
    }

    /**
     * Dials, sends the scenario's messages without waiting for any of them, and starts to close at the scenario's time.
     *
     * @param patience the most it may take until the connection is open
     */
    CompletionStage<CloseReport> sendAndClose(SocketAddress remote, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        Connection connection =
                network.dial(remote).opened().toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        long start = System.nanoTime();
        for (int sequence = 0; sequence < scenario.count(); sequence++) {
            if (connection.send(scenario.message(sequence), messages::told).accepted()) {
                messages.accepted(sequence);
            }
        }
        TimeUnit.NANOSECONDS.sleep(scenario.closeAfter().toNanos() - (System.nanoTime() - start));
        return recorder.map(noting -> noting.record(connection, () -> close(connection)))
                .orElseGet(() -> close(connection));
    }

    private CompletionStage<CloseReport> close(Connection connection) {
        return conditions
                .deadline()
                .map(deadline -> connection.close(DisconnectReason.REQUESTED_BY_PEER_MANAGER, deadline))
                .orElseGet(connection::close);
    }

    @Override
    public void close() {
        CellRunner.stop(network);
        transport.close();
    }
}
