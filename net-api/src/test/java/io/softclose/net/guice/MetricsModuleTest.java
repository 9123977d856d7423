/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.mockito.Mockito.mock;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.name.Names;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.Plugins.PatientPolicyModule;
import io.softclose.net.guice.Plugins.PipeTransportModule;
import io.softclose.net.metrics.NetworkMetrics;
import io.softclose.net.spi.Transport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Metrics of networks that Guice makes. */
class MetricsModuleTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void aNetworkThatIsToldToHaveThemIsInTheInjectorsRegistry() {
        Injector injector = Guice.createInjector(
                network().addEvents(NetworkMetrics.class).build(), new MetricsModule(), surroundings());
        NetworkMetrics metrics = injector.getInstance(NetworkMetrics.class);
        Network network = injector.getInstance(Network.class);

        var unused = network.shutdown(Duration.ZERO);

        assertSame(metrics, injector.getInstance(NetworkMetrics.class));
        assertEquals(1, registry.get("softclose.shutdowns").functionCounter().count());
    }

    @Test
    void eachNetworkHasItsOwnWithItsNameAsATag() {
        Key<NetworkMetrics> validator = Key.get(NetworkMetrics.class, Names.named("validator"));
        Key<NetworkMetrics> open = Key.get(NetworkMetrics.class, Names.named("public"));
        Injector injector = Guice.createInjector(
                network().name("validator").addEvents(validator).build(),
                network().name("public").addEvents(open).build(),
                new MetricsModule().forNetwork("validator"),
                new MetricsModule().forNetwork("public"),
                surroundings());
        injector.getInstance(Key.get(Network.class, Names.named("public")));

        var unused = injector.getInstance(Key.get(Network.class, Names.named("validator")))
                .shutdown(Duration.ZERO);

        assertNotSame(injector.getInstance(validator), injector.getInstance(open));
        assertEquals(1, shutdowns("validator"));
        assertEquals(0, shutdowns("public"));
    }

    private double shutdowns(String network) {
        return registry.get("softclose.shutdowns")
                .tag("network", network)
                .functionCounter()
                .count();
    }

    private static NetworkModule.Builder network() {
        return NetworkModule.builder().support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }

    private Module surroundings() {
        return binder -> {
            binder.bind(MeterRegistry.class).toInstance(registry);
            binder.install(new PipeTransportModule(() -> mock(Transport.class)));
            binder.install(new PatientPolicyModule());
        };
    }
}
