/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.name.Names;
import io.softclose.net.Network;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.guice.Plugins.PatientPolicyModule;
import io.softclose.net.guice.Plugins.PipeTransportModule;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Transport;
import io.softclose.net.tls.TrustedPeers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connectivity and health of networks that Guice makes. */
class BesideNetworksTest {
    private static final TrustedPeers TRUSTED = TrustedPeers.of(PeerId.random());

    private final EventLoop loop = mock(EventLoop.class);
    private final List<Transport> made = new ArrayList<>();

    @Test
    void injectionStartsNothing() {
        Injector injector = Guice.createInjector(
                Stage.PRODUCTION,
                network("").build(),
                new HealthModule(HealthSettings.defaults()),
                new ConnectivityModule(TRUSTED, ConnectivitySettings.defaults()),
                plugins());

        assertSame(injector.getInstance(HealthChecker.class), injector.getInstance(HealthChecker.class));
        assertSame(injector.getInstance(ConnectivityManager.class), injector.getInstance(ConnectivityManager.class));
        assertEquals(List.of(), made);
    }

    @Test
    void theApplicationStartsBothOnTheirNetwork() {
        Injector injector = Guice.createInjector(
                network("").build(),
                new HealthModule(HealthSettings.defaults()),
                new ConnectivityModule(TRUSTED, ConnectivitySettings.defaults()),
                plugins());
        injector.getInstance(HealthChecker.class).start(injector.getInstance(Network.class));
        injector.getInstance(ConnectivityManager.class).start();

        verify(loop, times(2)).execute(any());
        assertEquals(1, made.size());
    }

    @Test
    void eachNetworkMayHaveItsOwn() {
        Injector injector = Guice.createInjector(
                network("validator").build(),
                network("public").build(),
                new HealthModule(HealthSettings.defaults()).forNetwork("validator"),
                new HealthModule(HealthSettings.defaults()).forNetwork("public"),
                new ConnectivityModule(Key.get(TrustedPeers.class), ConnectivitySettings.defaults())
                        .forNetwork("validator"),
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(TrustedPeers.class).toInstance(TRUSTED);
                    }
                },
                plugins());

        assertNotSame(
                injector.getInstance(Key.get(HealthChecker.class, Names.named("validator"))),
                injector.getInstance(Key.get(HealthChecker.class, Names.named("public"))));
        assertTrue(injector.getInstance(Key.get(ConnectivityManager.class, Names.named("validator")))
                .peers()
                .isEmpty());
    }

    @Test
    void aNetworkWithHealthChecksAndNoCheckerIsNotMade() {
        CreationException refused = assertThrows(
                CreationException.class, () -> Guice.createInjector(network("").build(), plugins()));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("HealthChecker"), message);
    }

    private static NetworkModule.Builder network(String name) {
        NetworkModule.Builder builder = NetworkModule.builder().support(ProtocolId.MEMPOOL_DIRECT_SEND);
        return (name.isEmpty() ? builder : builder.name(name)).healthChecks();
    }

    private Module plugins() {
        return binder -> {
            binder.install(new PipeTransportModule(this::make));
            binder.install(new PatientPolicyModule());
        };
    }

    private Transport make() {
        Transport transport = mock(Transport.class);
        when(transport.nextLoop()).thenReturn(loop);
        when(loop.schedule(anyLong(), any())).thenReturn(() -> {});
        made.add(transport);
        return transport;
    }
}
