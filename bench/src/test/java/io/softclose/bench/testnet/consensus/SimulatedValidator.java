/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.testnet.consensus.core.SafetyRules;
import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A validator on a host of its own, with all that keeps it connected. It crashes and starts anew; its store stays. */
final class SimulatedValidator {
    private static final int PORT = 6180;

    final SimTransport host;
    private final ValidatorSettings settings;
    private final String policy;
    private final Witness witness;
    private final Function<SafetyData, SafetyRules> rules;
    private final Random random;
    private final ValidatorStore store = new ValidatorStore();

    private @Nullable Life life;

    /** From a start to a stop. */
    private record Life(Validator validator, Network network, ConnectivityManager connectivity, HealthChecker health) {}

    SimulatedValidator(
            SimTransport host,
            ValidatorSettings settings,
            String policy,
            Witness witness,
            Function<SafetyData, SafetyRules> rules,
            Random random) {
        this.host = host;
        this.settings = settings;
        this.policy = policy;
        this.witness = witness;
        this.rules = rules;
        this.random = random;
    }

    private Life life() {
        return requireNonNull(life, "life");
    }

    Validator validator() {
        return life().validator();
    }

    boolean runs() {
        return life != null;
    }

    void start(List<SimulatedValidator> all) {
        Validator validator = new Validator(settings, witness.of(settings.index()), store, rules);
        HealthChecker health = new HealthChecker(
                HealthSettings.builder()
                        .interval(Duration.ofSeconds(1))
                        .timeout(Duration.ofSeconds(2))
                        .build(),
                random);
        NetworkBuilder builder = Network.builder()
                .peerId(settings.self())
                .identityExchange(new Introductions(settings.self()))
                .transport(host)
                .closePolicy(policy)
                .events(new Quiet());
        validator.handleOn(builder);
        health.join(builder);
        Network network = builder.build();
        try {
            network.listen(host.address(PORT));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        ConnectivityManager connectivity = new ConnectivityManager(
                network, () -> Set.copyOf(settings.validators()), connectivitySettings(), random);
        Map<PeerId, List<SocketAddress>> addresses = new HashMap<>();
        all.forEach(other -> addresses.put(other.settings.self(), List.of(other.host.address(PORT))));
        connectivity.addresses(addresses);
        connectivity.start();
        health.start(network);
        life = new Life(validator, network, connectivity, health);
        validator.start(network);
    }

    private static ConnectivitySettings connectivitySettings() {
        return ConnectivitySettings.builder()
                .interval(Duration.ofMillis(500))
                .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                .build();
    }

    /** Ends the process, with no time for anything. */
    void crash() {
        stop(Duration.ZERO);
    }

    void stop(Duration budget) {
        Life ended = life();
        life = null;
        ended.validator().close();
        ended.health().close();
        ended.connectivity().close();
        var unused = ended.network().shutdown(budget);
    }

    /** Keeps the log free of what is meant to go wrong. */
    private final class Quiet implements NetworkEvents {
        @Override
        public void callbackFailed(Connection connection, String callback, Throwable failure) {
            witness.violations().add("validator " + settings.index() + ": " + callback + " threw " + failure);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {}

        @Override
        public void inboundRefused(SocketAddress remote, HandshakeException cause) {}
    }
}
