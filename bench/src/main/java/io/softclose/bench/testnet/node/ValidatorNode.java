/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.testnet.consensus.Validator;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.consensus.ValidatorSettings;
import io.softclose.bench.testnet.consensus.ValidatorState;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.net.ConnectionState;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.metrics.NetworkMetrics;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One validator as a process would have it: its network over mutual TLS, its connectivity manager, its health checker, and the
 * consensus on top, all made of what every user has. Its methods are for one thread.
 */
public final class ValidatorNode implements Seat {
    /** With reconnection this quick, so that a validator that is gone for long is not dialled for ever. */
    private static final int MOST_BACKOFF = 4;

    private final NodeSettings settings;
    private final Network network;
    private final TrustedPeers trusted;
    private final ConnectivityManager connectivity;
    private final HealthChecker health;
    private final Validator validator;
    private final Optional<NetworkMetrics> meters;
    /** Kept, so that their accounts are. */
    private final List<Peer> peers;

    private @Nullable InetSocketAddress address;

    /**
     * A node that listens.
     *
     * @param identity who it is: the one of the settings
     * @param listen where; port 0 lets the system choose
     * @param store what it remembers of its life before
     * @param meters of its network, which are closed with it
     * @throws IllegalArgumentException if the identity is not the one of the settings
     */
    public static ValidatorNode open(
            TlsIdentity identity,
            NodeSettings settings,
            InetSocketAddress listen,
            ValidatorStore store,
            ValidatorEvents validatorEvents,
            NetworkEvents networkEvents,
            Optional<NetworkMetrics> meters)
            throws IOException {
        if (!identity.peerId().equals(settings.self())) {
            throw new IllegalArgumentException("identity: " + identity.peerId() + " (expected: of validator "
                    + settings.index() + ", " + settings.self() + ")");
        }
        ValidatorNode node = new ValidatorNode(identity, settings, store, validatorEvents, networkEvents, meters);
        try {
            node.address = (InetSocketAddress) node.network.listen(listen).localAddress();
            return node;
        } catch (IOException | RuntimeException failed) {
            node.kill();
            throw failed;
        }
    }

    private ValidatorNode(
            TlsIdentity identity,
            NodeSettings settings,
            ValidatorStore store,
            ValidatorEvents validatorEvents,
            NetworkEvents networkEvents,
            Optional<NetworkMetrics> meters) {
        this.settings = settings;
        this.meters = meters;
        ValidatorSettings consensus = settings.consensus();
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
                        settings.transport().open(settings.socketBufferBytes()), TlsSettings.of(identity, trusted)))
                .closePolicy(TestnetPolicies.of(settings.variant().policy()))
                .events(networkEvents);
        meters.ifPresent(builder::addEvents);
        if (settings.variant().handOver() == HandOver.OFF) {
            builder.peerWait(Duration.ZERO);
        }
        validator.handleOn(builder);
        health.join(builder);
        network = builder.build();
        meters.ifPresent(watching -> watching.watch(network));
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

    @Override
    public InetSocketAddress address() {
        return requireNonNull(address, "address");
    }

    @Override
    public void connect(Map<Integer, InetSocketAddress> addresses) {
        Map<PeerId, List<SocketAddress>> known = new HashMap<>();
        addresses.forEach((index, at) -> known.put(settings.validators().get(index), List.of(at)));
        connectivity.addresses(known);
        connectivity.start();
        health.start(network);
    }

    @Override
    public long connected() {
        return peers.stream()
                .filter(peer -> peer.connection()
                        .filter(connection -> connection.state() == ConnectionState.OPEN)
                        .isPresent())
                .count();
    }

    @Override
    public void start() {
        validator.start(network);
    }

    /** Where its consensus stands. Callable from any thread. */
    public ValidatorState state() {
        return validator.state();
    }

    @Override
    public void distrust(int other) {
        trusted.remove(settings.validators().get(other));
    }

    @Override
    public void trust(int other) {
        trusted.add(settings.validators().get(other));
    }

    @Override
    public boolean inProcessOfItsOwn() {
        return false;
    }

    @Override
    public void stall() {
        throw new UnsupportedOperationException("stall: it shares its process");
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException("resume: it shares its process");
    }

    @Override
    public CompletionStage<Void> kill() {
        return shutdown(Duration.ZERO);
    }

    /** The validator ends last, so it has answers for whoever asks until nobody can. */
    @Override
    public CompletionStage<Void> shutdown(Duration budget) {
        connectivity.close();
        health.close();
        return network.shutdown(budget)
                .whenComplete((report, failure) -> {
                    validator.close();
                    meters.ifPresent(NetworkMetrics::close);
                })
                .thenApply(report -> null);
    }

    @Override
    public MessageTally messages() {
        return MessageTally.of(peers);
    }

    /** Nothing: who shares its process knows all of it. */
    @Override
    public Optional<Missing> missing() {
        return Optional.empty();
    }
}
