/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Listener;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.sim.SimNetwork;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Nodes that know each other by name, on a simulated network in virtual time; at the end all are shut down, and nothing is left. */
final class Town implements AfterEachCallback {
    static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;

    final SimNetwork sim;
    private final List<Citizen> citizens = new ArrayList<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    Town(long seed) {
        sim = new SimNetwork(seed);
    }

    /** A node that does not listen yet. */
    Citizen citizen(String name) {
        return citizen(name, builder -> builder);
    }

    Citizen citizen(String name, UnaryOperator<NetworkBuilder> settings) {
        return citizen(name, SimSockets.linux(), settings);
    }

    Citizen citizen(String name, SimSockets sockets, UnaryOperator<NetworkBuilder> settings) {
        Citizen citizen = new Citizen(sim.host(name, 1, sockets), settings);
        citizens.add(citizen);
        return citizen;
    }

    /** Closes it before the networks are shut down. */
    <T extends AutoCloseable> T closing(T what) {
        toClose.add(what);
        return what;
    }

    /** The other end of a connection, which must be the only one that its node has. */
    Connection peerOf(Connection connection) {
        return citizens.stream()
                .filter(citizen -> connection.provenPeer().equals(Optional.of(citizen.id)))
                .findFirst()
                .orElseThrow()
                .connected
                .get(0);
    }

    void pass(Duration time) {
        sim.runFor(time);
    }

    /** Has every network shut down at once; the hosts go on. */
    void shutDown() {
        citizens.forEach(citizen -> citizen.network.shutdown(Duration.ZERO));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        end();
    }

    void end() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        shutDown();
        sim.run();
        citizens.forEach(citizen -> assertTrue(citizen.network.connections().isEmpty()));
        sim.verifyNoLeaks();
    }

    /** A node, and what its observer heard. */
    static final class Citizen implements NetworkEvents {
        final PeerId id = PeerId.random();
        final SimTransport host;
        final Network network;
        final List<Connection> connected = new ArrayList<>();
        final List<CloseReport> reports = new ArrayList<>();
        private @Nullable Listener listener;

        Citizen(SimTransport host, UnaryOperator<NetworkBuilder> settings) {
            this.host = host;
            network = settings.apply(Network.builder()
                            .peerId(id)
                            .identityExchange(new Introductions(id))
                            .transport(host)
                            .closePolicy(new PatientPolicy())
                            .events(this)
                            .support(PROTOCOL))
                    .build();
        }

        InetSocketAddress address(int port) {
            return host.address(port);
        }

        Citizen listens(int port) {
            try {
                listener = network.listen(address(port));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return this;
        }

        void listensNoMore() {
            Listener bound = listener;
            if (bound != null) {
                bound.close();
            }
        }

        /** Its open connections. */
        List<Connection> open() {
            return network.connections().stream()
                    .filter(connection -> !connection.state().closing())
                    .toList();
        }

        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            reports.add(report);
        }
    }
}
