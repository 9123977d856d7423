/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.PeerId;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Health checks and connectivity on real sockets, part of {@link NodeContract}. */
public interface PeerWatchContract {
    /** So often that much happens soon. Nothing depends on how soon. */
    Duration OFTEN = Duration.ofMillis(10);

    /** Longer than anything takes here. */
    Duration LONG = Duration.ofMinutes(5);

    /** Enough of them to show that it goes on. */
    int SOME = 5;

    private static HealthSettings.Builder often() {
        return HealthSettings.builder().interval(OFTEN).timeout(LONG).progressTimeout(LONG);
    }

    private static Node joined(Nodes nodes, HealthChecker checker) {
        return nodes.node(builder -> {
            checker.join(builder);
            return builder.chainId(Peers.CHAIN_ID);
        });
    }

    private static WirePeer open(Node node) throws IOException {
        WirePeer peer = Peers.dial(node);
        peer.send(WireBytes.handshake(Peers.CHAIN_ID, Peers.VALIDATOR, Peers.HEALTH_CHECKER_RPC));
        peer.readHandshake();
        return peer;
    }

    @Test
    default void peersAreAskedAndAnswer(Nodes nodes) throws IOException {
        try (HealthChecker asking = new HealthChecker(often().build());
                HealthChecker answering = new HealthChecker(often().build())) {
            Node one = joined(nodes, asking);
            Node other = joined(nodes, answering);
            Connection connection = one.connect(other.listen());

            asking.start(one.network());
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            completeWhenAnswered(one, connection, answered);
            Waiting.await(answered, "answers to health checks");

            assertEquals(ConnectionState.OPEN, connection.state());
        }
    }

    /** Looks now and then, in the network's own time. */
    private static void completeWhenAnswered(Node node, Connection connection, CompletableFuture<Boolean> answered) {
        if (connection.stats().probes().answered() >= SOME) {
            answered.complete(true);
        } else {
            node.network()
                    .scheduler()
                    .schedule(OFTEN.toNanos(), () -> completeWhenAnswered(node, connection, answered));
        }
    }

    @Test
    default void aPeerIsAnsweredAsAptosNetAnswers(Nodes nodes) throws IOException {
        Node node = nodes.node(builder -> {
            HealthChecker.answer(builder);
            return builder.chainId(Peers.CHAIN_ID);
        });
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.rpcRequest(Peers.HEALTH_CHECKER_RPC, 7, 0, new byte[] {0, 1, 2, 3, 4}));

            assertEquals(
                    new WireFrame.RpcResponse(7, 0, ByteBuffer.wrap(new byte[] {1, 1, 2, 3, 4})),
                    peer.readFrame().orElseThrow());
        }
    }

    @Test
    default void aPeerThatReadsAndNeverAnswersIsGivenUp(Nodes nodes) throws IOException {
        HealthSettings strict = often().timeout(OFTEN).trafficCounts(false).build();
        try (HealthChecker checker = new HealthChecker(strict)) {
            Node node = joined(nodes, checker);
            try (WirePeer peer = open(node)) {
                checker.start(node.network());

                while (peer.readFrame().isPresent()) {}
            }
            assertEquals(
                    DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE,
                    node.nextReport().reason());
        }
    }

    @Test
    default void aTrustedPeerIsDialledAndLeftWhenItIsTrustedNoMore(Nodes nodes) throws IOException {
        Node one = nodes.node();
        Node other = nodes.node();
        InetSocketAddress address = other.listen();
        Connection first = one.connect(address);
        one.nextConnection();
        // Whom it proves to be, or without proof whom we take it for.
        PeerId peer = first.provenPeer().orElseGet(PeerId::random);
        Waiting.await(first.close(), "the first close");
        one.nextReport();
        TrustedPeers trusted = TrustedPeers.of(peer);
        ConnectivitySettings soon =
                ConnectivitySettings.builder().interval(OFTEN).jitter(OFTEN).build();
        try (ConnectivityManager manager = new ConnectivityManager(one.network(), trusted::peers, soon)) {
            manager.addresses(peer, List.of(address));
            manager.start();
            assertEquals(peer, one.nextConnection().peer());

            trusted.remove(peer);

            assertEquals(DisconnectReason.STALE_CONNECTION, one.nextReport().reason());
        }
    }
}
