/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.name.Names;
import io.softclose.net.Network;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.Plugins.PatientPolicyModule;
import io.softclose.net.guice.Plugins.PipeTransportModule;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** TLS over the transports of networks that Guice makes. */
class TlsModuleTest {
    private static final TlsIdentity ALICE = TlsIdentity.fresh();
    private static final TlsIdentity BOB = TlsIdentity.fresh();

    private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final TrustedPeers trusted = TrustedPeers.of(BOB.peerId());
    private final List<Transport> made = new ArrayList<>();

    @Test
    void aNetworkHasTlsAndTheIdentityOfItsKey() throws IOException {
        Network network = injector(network().build(), new PipeTransportModule(this::make), alice())
                .getInstance(Network.class);

        assertEquals(ALICE.peerId(), network.peerId());
        assertEquals(List.of(), made);
        network.listen(address);
        assertEquals("io.softclose.net.tls.link", roomOfTheHandler(made.get(0)));
    }

    @Test
    void withoutTheModuleThereIsNoTls() throws IOException {
        Network network =
                injector(network().build(), new PipeTransportModule(this::make)).getInstance(Network.class);

        network.listen(address);

        assertEquals("io.softclose.net.engine.loop", roomOfTheHandler(made.get(0)));
    }

    @Test
    void theTransportBelowIsClosedWithTheNetworkIfItIsItsOwn() throws Exception {
        Network network = injector(network().build(), new PipeTransportModule(this::make), alice())
                .getInstance(Network.class);
        network.listen(address);

        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);

        verify(made.get(0)).close();
    }

    @Test
    void aTransportPassedAsAnObjectHasTlsAndStaysItsOwnersToClose() throws Exception {
        Transport shared = make();
        when(shared.name()).thenReturn("shared");
        Network network = injector(network().transport(shared).build(), alice()).getInstance(Network.class);

        network.listen(address);
        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertEquals("io.softclose.net.tls.link", roomOfTheHandler(shared));
        verify(shared, never()).close();
    }

    @Test
    void eachNetworkMayHaveAnIdentityOfItsOwn() {
        Injector injector = injector(
                network().name("validator").build(),
                network().name("public").build(),
                new PipeTransportModule(this::make),
                alice(),
                new TlsModule(BOB, trusted).forNetwork("public"));

        assertEquals(ALICE.peerId(), peerId(injector, "validator"));
        assertEquals(BOB.peerId(), peerId(injector, "public"));
    }

    @Test
    void identityAndTrustMayBeGuices() throws IOException {
        Network network = injector(
                        network().build(),
                        new PipeTransportModule(this::make),
                        new TlsModule(Key.get(TlsIdentity.class), Key.get(TrustedPeers.class)),
                        new AbstractModule() {
                            @Override
                            protected void configure() {
                                bind(TlsIdentity.class).toInstance(ALICE);
                                bind(TrustedPeers.class).toInstance(trusted);
                            }
                        })
                .getInstance(Network.class);

        assertEquals(ALICE.peerId(), network.peerId());
        network.listen(address);
        assertEquals("io.softclose.net.tls.link", roomOfTheHandler(made.get(0)));
    }

    @Test
    void settingsMayBeGivenWhole() throws IOException {
        TlsSettings settings = TlsSettings.of(ALICE, PeerTrust.anyone());
        Network network = injector(
                        network().with(built -> built.peerId(ALICE.peerId())).build(),
                        new PipeTransportModule(this::make),
                        new TlsModule(settings))
                .getInstance(Network.class);

        assertEquals(ALICE.peerId(), network.peerId());
        network.listen(address);
        assertEquals("io.softclose.net.tls.link", roomOfTheHandler(made.get(0)));
    }

    @Test
    void twoModulesForOneNetworkAreRefused() {
        CreationException refused = assertThrows(
                CreationException.class,
                () -> injector(
                        network().build(), new PipeTransportModule(this::make), alice(), new TlsModule(BOB, trusted)));

        assertEquals(
                List.of("network: 2 TLS layers (expected: at most 1): [tls of TlsModule, tls of TlsModule]"),
                refused.getErrorMessages().stream()
                        .map(com.google.inject.spi.Message::getMessage)
                        .toList());
    }

    private TlsModule alice() {
        return new TlsModule(ALICE, trusted);
    }

    private static NetworkModule.Builder network() {
        return NetworkModule.builder().support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }

    private static Injector injector(Module... modules) {
        List<Module> all = new ArrayList<>(List.of(modules));
        all.add(new PatientPolicyModule());
        return Guice.createInjector(all);
    }

    private static PeerId peerId(Injector injector, String network) {
        return injector.getInstance(Key.get(Network.class, Names.named(network)))
                .peerId();
    }

    private Transport make() {
        Transport transport = mock(Transport.class);
        try {
            when(transport.listen(any(), any())).thenReturn(mock(Transport.Listener.class));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        made.add(transport);
        return transport;
    }

    /** Where the class is that takes the events of a link which this transport accepts. */
    private String roomOfTheHandler(Transport transport) throws IOException {
        ArgumentCaptor<Transport.LinkAcceptor> acceptor = ArgumentCaptor.forClass(Transport.LinkAcceptor.class);
        verify(transport).listen(any(), acceptor.capture());
        Link link = mock(Link.class);
        when(link.loop()).thenReturn(mock(EventLoop.class));
        when(link.remoteAddress()).thenReturn(address);
        return acceptor.getValue().accept(link).getClass().getPackageName();
    }
}
