/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Account;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.Listener;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.PeerId;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.fake.ManualEventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A network on a fake transport, in virtual time. After each test it is shut down; then every conversation must have its
 * report, every accepted message its one outcome, and nothing may be left: no link, buffer, timer or listener.
 */
final class Node implements AfterEachCallback {
    static final int CHAIN_ID = 4;
    /** The validators' network, on the wire. */
    static final int VALIDATOR = 0;

    static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final FakeTransport transport = new FakeTransport();
    final ManualEventLoop loop = transport.loop();
    final RecordingEvents events = new RecordingEvents();
    final ScriptedPolicy policy = new ScriptedPolicy();
    /** The labels of the messages that reached the handler. */
    final List<String> handled = new ArrayList<>();

    /** Whether messages get to connections that their conversations know nothing of. */
    private boolean addressesPeers;

    private final List<Conversation> conversations = new ArrayList<>();
    private final NetworkBuilder builder = Network.builder()
            .plaintext()
            .chainId(CHAIN_ID)
            .transport(transport)
            .closePolicy(policy)
            .events(events)
            .handle(Messages.PROTOCOL, (connection, message) -> handled.add(Messages.labelOf(message)));
    private @Nullable Network network;
    private @Nullable Listener listener;

    /** The settings, until the network is made by whatever needs it first. */
    NetworkBuilder settings() {
        return builder;
    }

    Node limits(UnaryOperator<Limits.Builder> wanted) {
        builder.limits(wanted.apply(Limits.builder()).build());
        return this;
    }

    Node addressesPeers() {
        addressesPeers = true;
        return this;
    }

    Network network() {
        Network made = network;
        if (made == null) {
            made = builder.build();
            network = made;
        }
        return made;
    }

    /** Dials a peer; the dial goes on when the loop runs. */
    Conversation dial() {
        Connection connection = network().dial(REMOTE);
        return conversation(connection, lastLink());
    }

    /** A connection that dialled and is open, its handshake already taken by the peer. */
    Conversation connect() {
        Conversation conversation = dial();
        loop.runReady();
        conversation.peerShakesHands();
        assertEquals(ConnectionState.OPEN, conversation.connection.state());
        conversation.receivedHandshake();
        return conversation;
    }

    /** Dials somebody in particular; the dial goes on when the loop runs. */
    Conversation dial(PeerId peer) {
        Connection connection = network().dial(peer, REMOTE);
        return conversation(connection, lastLink());
    }

    /** As {@link #connect()}, to somebody in particular. */
    Conversation connect(PeerId peer) {
        Conversation conversation = dial(peer);
        loop.runReady();
        conversation.peerShakesHands();
        assertEquals(ConnectionState.OPEN, conversation.connection.state());
        conversation.receivedHandshake();
        return conversation;
    }

    /** An inbound link, up, on which nothing was said by the peer. */
    FakeLink accept() {
        FakeLink link = transport.accept(listener().localAddress());
        loop.runReady();
        return link;
    }

    /** A connection that was accepted and is open. */
    Conversation welcome() {
        return welcome(Conversation.HANDSHAKE);
    }

    /** The same, of a peer that says this first. */
    Conversation welcome(byte[] hello) {
        FakeLink link = accept();
        int before = events.connected.size();
        link.read(hello);
        loop.runReady();
        assertEquals(before + 1, events.connected.size(), "connections announced");
        Conversation conversation = conversation(events.connected.get(before), link);
        conversation.receivedHandshake();
        return conversation;
    }

    Listener listener() {
        Listener bound = listener;
        if (bound == null) {
            try {
                bound = network().listen(ANY_PORT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            listener = bound;
        }
        return bound;
    }

    private Conversation conversation(Connection connection, FakeLink link) {
        Conversation conversation = new Conversation(connection, link);
        conversations.add(conversation);
        return conversation;
    }

    private FakeLink lastLink() {
        List<FakeLink> links = transport.links();
        return links.get(links.size() - 1);
    }

    void run() {
        loop.runReady();
    }

    void pass(Duration time) {
        loop.advance(time);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (network != null) {
            network.shutdown(Duration.ZERO);
            loop.runReady();
            assertTrue(network.shutdown().toCompletableFuture().isDone(), "shutdown completed");
            assertEquals(List.of(), network.connections());
        }
        for (Conversation conversation : conversations) {
            verify(conversation);
        }
        events.verify();
        transport.verifyNoLeaks();
    }

    private void verify(Conversation conversation) {
        CloseReport report = conversation.report();
        Account account = report.account();
        assertTrue(account.balanced(), () -> "account: " + account);
        assertEquals(account, conversation.connection.account(), "account after the close");
        assertEquals(ConnectionState.CLOSED, conversation.connection.state());
        assertEquals(conversation.connection.id(), report.connectionId());
        assertEquals("scripted", report.policy());
        assertTrue(!report.detail().isBlank(), "detail");
        if (!addressesPeers) {
            conversation.outcomes.verify(account, report.requests());
        }
        assertEquals(
                1,
                events.disconnected.stream()
                        .filter(conversation.connection::equals)
                        .count(),
                "disconnected");
        assertTrue(events.reports.contains(report), "the report that was announced");
    }
}
