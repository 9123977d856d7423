/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.ClosePolicyProvider;
import io.softclose.net.spi.TransportProvider;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What this module shows to others. */
class ModuleTest {
    private final ModuleDescriptor descriptor = ModuleFinder.of(Path.of("target", "classes"))
            .find("io.softclose.net")
            .orElseThrow()
            .descriptor();

    @Test
    void exportsWhatApplicationsAndPluginsUseAndNothingElse() {
        assertEquals(
                Set.of(
                        "io.softclose.net",
                        "io.softclose.net.connectivity",
                        "io.softclose.net.guice",
                        "io.softclose.net.health",
                        "io.softclose.net.jfr",
                        "io.softclose.net.metrics",
                        "io.softclose.net.spi",
                        "io.softclose.net.tls"),
                descriptor.exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toSet()));
        assertTrue(descriptor.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified));
        assertEquals(Set.of(), descriptor.opens());
    }

    @Test
    void requiresTheJdkAloneAtRunTime() {
        assertEquals(
                Map.of(
                        "java.base", Set.of(Requires.Modifier.MANDATED),
                        "com.google.guice", Set.of(Requires.Modifier.STATIC),
                        "jdk.jfr", Set.of(Requires.Modifier.STATIC),
                        "micrometer.core", Set.of(Requires.Modifier.STATIC),
                        "org.jspecify", Set.of(Requires.Modifier.STATIC)),
                descriptor.requires().stream().collect(Collectors.toMap(Requires::name, Requires::modifiers)));
    }

    @Test
    void findsPluginsByTheirProviders() {
        assertEquals(Set.of(TransportProvider.class.getName(), ClosePolicyProvider.class.getName()), descriptor.uses());
        assertEquals(Set.of(), descriptor.provides());
    }
}
