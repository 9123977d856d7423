/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each way in which a message does not go, or goes elsewhere, and each fault that is told, makes a line in the log, raises a counter and
 * leaves an event in a recording. On a simulated network, whose peer takes nothing once it is cut off.
 */
class EveryLossIsSeenTest {
    private static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;
    private static final PeerId THEM = PeerId.parse("ab".repeat(PeerId.LENGTH));
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int PORT = 6180;
    /** More than both ends' buffers have room for. */
    private static final int LARGE = 40_000;

    private final SimNetwork sim = new SimNetwork(3);
    private SimTransport here = host("here");
    private final SimTransport there = host("there");
    private final Watched watched = new Watched();
    private final List<Network> networks = new ArrayList<>();

    private SimTransport host(String name) {
        return sim.host(name, 1, SimSockets.linux().withBuffers(8_000, 8_000));
    }

    private Network us(UnaryOperator<NetworkBuilder> settings) {
        return node(here, builder -> watched.in(settings.apply(builder.support(PROTOCOL))));
    }

    private void them(UnaryOperator<NetworkBuilder> settings) throws IOException {
        var unused = node(there, settings).listen(there.address(PORT));
    }

    private Network node(SimTransport host, UnaryOperator<NetworkBuilder> settings) {
        Network network = settings.apply(
                        Network.builder().plaintext().transport(host).closePolicy("graceful"))
                .build();
        networks.add(network);
        return network;
    }

    private Connection dial(Network us) {
        Connection connection = us.dial(THEM, there.address(PORT));
        sim.runUntil(connection.opened().toCompletableFuture()::isDone, SECOND.multipliedBy(30));
        connection.opened().toCompletableFuture().join();
        return connection;
    }

    /** A connection whose peer takes nothing any more, with one message on the way that fills every buffer. */
    private Connection stuck(Network us) throws IOException {
        them(builder -> builder.handle(PROTOCOL, (connection, message) -> {}));
        Connection connection = dial(us);
        sim.partition(here, there);
        assertEquals(SendResult.ACCEPTED, connection.send(large()));
        sim.runFor(SECOND);
        return connection;
    }

    private static Message large() {
        return Message.of(PROTOCOL, 0, new byte[LARGE]);
    }

    private static Message small() {
        return Message.of(PROTOCOL, 0, new byte[10]);
    }

    @AfterEach
    void end() {
        networks.forEach(network -> network.shutdown(Duration.ZERO));
        sim.run();
        watched.close();
        sim.verifyNoLeaks();
    }

    @Test
    void whatALinkTakesWithIt() throws Exception {
        Connection connection = stuck(us(builder -> builder));
        assertEquals(SendResult.ACCEPTED, connection.send(small()));

        connection.abort();
        sim.runFor(SECOND);

        watched.hasLine(Level.WARNING, "2 of 2 messages did not go (2 UNSENT)");
        watched.hasCounted(2, "softclose.messages.ended", "outcome", "unsent");
        watched.hasRecorded("ConnectionClosed", closed -> closed.getLong("unsent") == 2);
    }

    @Test
    void whatMayHaveArrivedOrNot() throws Exception {
        here = sim.host("hesitant", 1, SimSockets.linux().flushingLater(SECOND.multipliedBy(9)));
        them(builder -> builder.support(PROTOCOL));
        Connection connection = dial(us(builder -> builder));
        assertEquals(SendResult.ACCEPTED, connection.send(small()));
        sim.runFor(SECOND);

        connection.abort();
        sim.runFor(SECOND);

        watched.hasLine(Level.WARNING, "1 of 1 messages did not go (1 UNCERTAIN)");
        watched.hasCounted(1, "softclose.messages.ended", "outcome", "uncertain");
        watched.hasRecorded("ConnectionClosed", closed -> closed.getLong("uncertain") == 1);
    }

    @Test
    void whatAPolicyDiscards() throws Exception {
        Connection connection = stuck(us(builder -> builder.closePolicy("drop")));
        assertEquals(SendResult.ACCEPTED, connection.send(small()));

        var unused = connection.close();
        sim.runFor(Duration.ofMinutes(1));

        watched.hasLine(Level.WARNING, "messages did not go", "1 DISCARDED");
        watched.hasCounted(1, "softclose.messages.ended", "outcome", "discarded");
        watched.hasRecorded("ConnectionClosed", closed -> closed.getLong("discarded") == 1);
    }

    @Test
    void whatOutlivesItsTime() throws Exception {
        Connection connection = stuck(us(builder -> builder));
        assertEquals(SendResult.ACCEPTED, connection.send(small().withTimeToLive(SECOND)));

        sim.runFor(SECOND.multipliedBy(2));
        watched.hasCounted(1, "softclose.messages.ended", "outcome", "expired");
        connection.abort();
        sim.runFor(SECOND);

        watched.hasLine(Level.WARNING, "messages did not go", "1 EXPIRED");
        watched.hasRecorded("ConnectionClosed", closed -> closed.getLong("expired") == 1);
    }

    @Test
    void whatIsHandedOverAndWaitsInVainThoughItHasAListener() throws Exception {
        Network us = us(builder -> builder);
        Connection connection = stuck(us);
        assertEquals(SendResult.ACCEPTED, us.peer(THEM).send(small(), (message, outcome) -> {}, SECOND));

        connection.abort();
        sim.runFor(Duration.ofMillis(500));
        watched.hasLine(Level.FINE, "1 of 2 messages are for the peer's next connection");
        watched.hasCounted(1, "softclose.messages.ended", "outcome", "handed_over");
        watched.hasRecorded("ConnectionClosed", closed -> closed.getLong("handedOver") == 1);
        sim.runFor(SECOND);

        watched.hasLine(Level.FINE, "goes to no connection: UNSENT");
        watched.hasCounted(1, "softclose.peers.messages.returned", "outcome", "unsent");
        watched.hasRecorded(
                "MessageReturned", returned -> returned.getString("outcome").equals("UNSENT"));
    }

    @Test
    void whatWaitsInVainWithNobodyToHearOfIt() throws Exception {
        Network us = us(builder -> builder);
        assertEquals(SendResult.ACCEPTED, us.peer(THEM).send(small(), SECOND));

        sim.runFor(SECOND.multipliedBy(2));

        watched.hasLine(Level.WARNING, "has waited for a connection in vain: UNSENT");
        watched.hasCounted(1, "softclose.peers.messages.returned", "outcome", "unsent");
        watched.hasRecorded("MessageReturned", returned -> true);
    }

    @Test
    void aPeerThatTakesNothing() throws Exception {
        stuck(us(builder -> builder.limits(
                Limits.builder().writeTimeout(SECOND.multipliedBy(5)).build())));

        sim.runFor(SECOND.multipliedBy(10));

        watched.hasLine(Level.WARNING, "the peer has taken nothing for");
        watched.hasCounted(1, "softclose.write.stalls");
        watched.hasCounted(1, "softclose.connections.closed", "reason", "input_output_error", "ending", "error");
        watched.hasRecorded("WriteStalled", stalled -> true);
    }

    @Test
    void aDialThatFails() throws Exception {
        Connection connection = us(builder -> builder).dial(THEM, there.address(PORT));
        sim.runFor(SECOND);

        assertThrows(
                CompletionException.class,
                () -> connection.opened().toCompletableFuture().join());
        watched.hasLine(Level.FINE, "ERROR");
        watched.hasCounted(1, "softclose.connections.closed", "reason", "dial_failed", "ending", "error");
        watched.hasRecorded(
                "ConnectionClosed", closed -> closed.getString("reason").equals("DIAL_FAILED"));
    }

    @Test
    void aPeerOfAnotherChain() throws Exception {
        var unused = us(builder -> builder).listen(here.address(PORT));
        node(there, builder -> builder.chainId(99).support(PROTOCOL)).dial(here.address(PORT));
        sim.runFor(SECOND);

        watched.hasLine(Level.WARNING, "chain");
        watched.hasCounted(1, "softclose.connections.refused", "failure", "invalid_chain_id");
        watched.hasRecorded("InboundRefused", refused -> true);
    }

    @Test
    void aMessageThatNobodyTakes() throws Exception {
        var unused = us(builder -> builder).listen(here.address(PORT));
        Connection connection =
                node(there, builder -> builder.support(PROTOCOL)).dial(here.address(PORT));
        sim.runFor(SECOND);
        assertEquals(SendResult.ACCEPTED, connection.send(small()));
        sim.runFor(SECOND);

        watched.hasLine(Level.WARNING, "no handler takes what arrives");
        watched.hasCounted(1, "softclose.protocol.unhandled", "protocol", PROTOCOL.name());
        watched.hasRecorded("Unhandled", told -> true);
    }

    @Test
    void aHandlerThatThrows() throws Exception {
        var unused = us(builder -> builder.handle(PROTOCOL, (connection, message) -> {
                    throw new IllegalStateException("deliberate");
                }))
                .listen(here.address(PORT));
        Connection connection =
                node(there, builder -> builder.support(PROTOCOL)).dial(here.address(PORT));
        sim.runFor(SECOND);
        assertEquals(SendResult.ACCEPTED, connection.send(small()));
        sim.runFor(SECOND);

        watched.hasLine(Level.SEVERE, "the handler of");
        watched.hasCounted(1, "softclose.callbacks.failed");
        watched.hasRecorded("CallbackFailed", told -> true);
    }
}
