/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Providers;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the module shows to others. */
final class NioTransportProviderTest {
    private static final String SERVICE = TransportProvider.class.getName();

    @Test
    void theTransportIsFoundByItsName() {
        try (Transport transport = Providers.transport("nio")) {
            assertInstanceOf(NioTransport.class, transport);
            assertEquals("nio", transport.name());
        }
    }

    @Test
    void modulePathAndClassPathNameTheSameProviders() throws IOException {
        Set<String> onModulePath = descriptor().provides().stream()
                .filter(provides -> provides.service().equals(SERVICE))
                .flatMap(provides -> provides.providers().stream())
                .collect(toSet());

        assertEquals(Set.of(NioTransportProvider.class.getName()), onModulePath);
        assertEquals(onModulePath, namedInServicesFile());
    }

    private static Set<String> namedInServicesFile() throws IOException {
        try (InputStream file = NioTransport.class.getResourceAsStream("/META-INF/services/" + SERVICE)) {
            assertNotNull(file);
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .collect(toSet());
        }
    }

    @Test
    void theModuleExportsOnePackageAndNeedsOnlyTheJdk() {
        Set<String> exports = descriptor().exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(toSet());
        Set<String> needed = descriptor().requires().stream()
                .filter(requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(toSet());

        assertEquals(Set.of("io.softclose.net.nio"), exports);
        assertEquals(Set.of("java.base", "jdk.net", "io.softclose.net"), needed);
    }

    private static ModuleDescriptor descriptor() {
        Module module = NioTransport.class.getModule();
        assertTrue(module.isNamed(), "the tests run on the class path (expected: on the module path)");
        return module.getDescriptor();
    }
}
