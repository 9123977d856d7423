/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.bench.testnet.consensus.Validator;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.ValidatorSettings;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.net.ConnectionState;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * One validator as a process would have it: its network over mutual TLS, its connectivity manager, its health checker, and the
 * consensus on top, all made of what every user has. Its methods are for one thread.
 */
final class ValidatorNode {
    /** With reconnection this quick, so that a validator that is gone for long is not dialled for ever. */
    private static final int MOST_BACKOFF = 4;

    /**
     * What an operating system would hold of a connection over paths like these: about what fits onto one. Between sockets of one
     * machine it would let buffers grow to megabytes, and whatever waits would wait there, where no policy has a say.
     */
    private static final int SOCKET_BUFFER_BYTES = 64 * 1024;

    private final Network network;
    private final TrustedPeers trusted;
    private final ConnectivityManager connectivity;
    private final HealthChecker health;
    private final Validator validator;
    /** Kept, so that their accounts are. */
    private final List<Peer> peers;

    /**
     * A node that has opened nothing yet.
     *
     * @param identity who it is; one of the validators of the consensus settings
     * @param store what it remembers of its life before
     */
    ValidatorNode(
            TlsIdentity identity,
            Variant variant,
            TestnetSettings settings,
            ValidatorSettings consensus,
            ValidatorStore store,
            ValidatorEvents validatorEvents,
            NetworkEvents networkEvents) {
        trusted = TrustedPeers.of();
        List<PeerId> others = consensus.validators().stream()
                .filter(peer -> !peer.equals(identity.peerId()))
                .toList();
        others.forEach(trusted::add);
        validator = new Validator(consensus, validatorEvents, store);
        health = new HealthChecker(
                HealthSettings.builder()
                        .interval(settings.healthInterval())
                        .timeout(settings.healthInterval())
                        .build(),
                new Random(consensus.seed()));
        NetworkBuilder builder = Network.builder()
                .peerId(identity.peerId())
                .transport(() -> TlsTransport.over(
                        settings.transport().open(SOCKET_BUFFER_BYTES), TlsSettings.of(identity, trusted)))
                .closePolicy(TestnetPolicies.of(variant.policy()))
                .events(networkEvents);
        if (variant.handOver() == HandOver.OFF) {
            builder.peerWait(Duration.ZERO);
        }
        validator.handleOn(builder);
        health.join(builder);
        network = builder.build();
        peers = others.stream().map(network::peer).toList();
        Duration reconnect = settings.reconnectInterval();
        connectivity = new ConnectivityManager(
                network,
                trusted::peers,
                ConnectivitySettings.builder()
                        .interval(reconnect)
                        .backoff(reconnect, reconnect.multipliedBy(MOST_BACKOFF))
                        .jitter(reconnect.dividedBy(2))
                        .stableAfter(reconnect)
                        .build(),
                new Random(~consensus.seed()));
    }

    /** Accepts connections, at the address that is returned. */
    InetSocketAddress listen() throws IOException {
        return (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    /** Dials the others. */
    void connect(Map<PeerId, List<SocketAddress>> addresses) {
        connectivity.addresses(addresses);
        connectivity.start();
        health.start(network);
    }

    /** How many of the others it has an open connection to. */
    long connected() {
        return peers.stream()
                .filter(peer -> peer.connection()
                        .filter(connection -> connection.state() == ConnectionState.OPEN)
                        .isPresent())
                .count();
    }

    /** Takes part in the consensus from now on. */
    void start() {
        validator.start(network);
    }

    /** The validator set has lost this one, as far as the network is concerned. */
    void distrust(PeerId peer) {
        trusted.remove(peer);
    }

    /** The validator set has it again. */
    void trust(PeerId peer) {
        trusted.add(peer);
    }

    /** What became of the messages to the others. */
    List<Peer> peers() {
        return peers;
    }

    /**
     * Ends all of it. The validator ends last, so it has answers for whoever asks until nobody can.
     *
     * @param budget zero to end it as a process ends that is killed: at once, with resets
     * @return completes when nothing of it runs any more
     */
    CompletionStage<ShutdownReport> shutdown(Duration budget) {
        connectivity.close();
        health.close();
        return network.shutdown(budget).whenComplete((report, failure) -> validator.close());
    }
}
