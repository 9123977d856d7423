/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.guice.TlsModule;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TrustedPeers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The transport as part of what Guice assembles. */
class NioTransportModuleTest {
    private final LeakChecks leaks = LeakChecks.begin();

    @Test
    void injectionStartsNoThreadAndShutdownLeavesNone() throws Exception {
        Network network = network(new NioTransportModule());
        assertEquals(List.of(), leaks.startedSince());

        network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        assertTrue(leaks.startedSince().stream()
                .anyMatch(thread -> thread.getName().startsWith("softclose-nio")));

        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        leaks.assertNoThreadLeft();
    }

    @Test
    void networksWithTlsProveWhoTheyAreAndLeaveNoThread() throws Exception {
        TlsIdentity alice = TlsIdentity.fresh();
        TlsIdentity bob = TlsIdentity.fresh();
        TrustedPeers trusted = TrustedPeers.of(alice.peerId(), bob.peerId());
        Network here = network(new NioTransportModule(), new TlsModule(alice, trusted));
        Network there = network(new NioTransportModule(), new TlsModule(bob, trusted));
        assertEquals(List.of(), leaks.startedSince());

        SocketAddress address = there.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
        Connection connection = Waiting.await(here.dial(bob.peerId(), address).opened(), "the connection");

        assertEquals(Optional.of(bob.peerId()), connection.provenPeer());
        here.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        there.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        leaks.assertNoThreadLeft();
    }

    @Test
    void itsSettingsAreThoseOfItsConstruction() throws Exception {
        NioTransport.Builder settings =
                NioTransport.builder().threadNamePrefix("validator").loops(3);
        NioTransportModule module = new NioTransportModule(settings);
        settings.threadNamePrefix("changed");

        Network network = network(module);
        network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        assertEquals(
                List.of("softclose-shutdown", "validator-1", "validator-2", "validator-3"),
                leaks.startedSince().stream().map(Thread::getName).sorted().toList());
        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        leaks.assertNoThreadLeft();
    }

    @Test
    void aSettingOutOfBoundsIsRefusedAtConstruction() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new NioTransportModule(NioTransport.builder().loops(0)));

        assertEquals("loops: 0 (expected: 1 to 1024)", refused.getMessage());
    }

    private static Network network(Module... plugins) {
        NetworkModule network = NetworkModule.builder()
                .support(ProtocolId.MEMPOOL_DIRECT_SEND)
                .closePolicy(new AtOnce())
                .build();
        return Guice.createInjector(Stage.PRODUCTION, network, Modules.combine(plugins))
                .getInstance(Network.class);
    }

    /** Closes without further ado. */
    private static final class AtOnce implements ClosePolicy {
        @Override
        public String name() {
            return "at-once";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(1), Duration.ofSeconds(1));
        }

        @Override
        public CloseDecision decide(CloseSnapshot snapshot) {
            return CloseDecision.finish();
        }
    }
}
