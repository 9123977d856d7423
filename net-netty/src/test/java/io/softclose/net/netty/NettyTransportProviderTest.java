/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

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
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the module shows to others. */
final class NettyTransportProviderTest {
    private static final String SERVICE = TransportProvider.class.getName();

    @Test
    void theTransportIsFoundByItsName() {
        try (Transport transport = Providers.transport("netty")) {
            assertInstanceOf(NettyTransport.class, transport);
            assertEquals("netty", transport.name());
        }
    }

    @Test
    void modulePathAndClassPathNameTheSameProviders() throws IOException {
        Set<String> onModulePath = descriptor().provides().stream()
                .filter(provides -> provides.service().equals(SERVICE))
                .flatMap(provides -> provides.providers().stream())
                .collect(toSet());

        assertEquals(Set.of(NettyTransportProvider.class.getName()), onModulePath);
        assertEquals(onModulePath, namedInServicesFile());
    }

    private static Set<String> namedInServicesFile() throws IOException {
        try (InputStream file = NettyTransport.class.getResourceAsStream("/META-INF/services/" + SERVICE)) {
            assertNotNull(file);
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .collect(toSet());
        }
    }

    /** The modules of native libraries among them: not resolved, they are not found. */
    @Test
    void theModuleExportsOnePackageAndNeedsNettysModulesThatItUsesAndNoOthers() {
        assertEquals(
                Set.of("io.softclose.net.netty"),
                descriptor().exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .collect(toSet()));
        assertEquals(
                Set.of(
                        "java.base",
                        "io.softclose.net",
                        "io.netty.buffer",
                        "io.netty.common",
                        "io.netty.transport",
                        "io.netty.transport.classes.epoll",
                        "io.netty.transport.classes.io_uring",
                        "io.netty.transport.epoll.linux.aarch_64",
                        "io.netty.transport.epoll.linux.x86_64",
                        "io.netty.transport.io_uring.linux.x86_64",
                        "io.netty.transport.unix.common"),
                needed(requires -> !requires.modifiers().contains(Modifier.STATIC)));
        assertEquals(
                Set.of("io.softclose.net", "io.netty.transport"),
                needed(requires -> requires.modifiers().contains(Modifier.TRANSITIVE)));
    }

    private static Set<String> needed(Predicate<ModuleDescriptor.Requires> which) {
        return descriptor().requires().stream()
                .filter(which)
                .map(ModuleDescriptor.Requires::name)
                .collect(toSet());
    }

    private static ModuleDescriptor descriptor() {
        Module module = NettyTransport.class.getModule();
        assertTrue(module.isNamed(), "the tests run on the class path (expected: on the module path)");
        return module.getDescriptor();
    }
}
