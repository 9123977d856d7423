/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Providers;
import io.softclose.net.spi.ClosePolicyProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What this module shows to others, on the module path and on the class path. */
class ModuleTest {
    private static final String SERVICE = ClosePolicyProvider.class.getName();

    private final ModuleDescriptor descriptor = descriptor();

    @Test
    void exportsItsOnePackage() {
        assertEquals(
                Set.of("io.softclose.policy.priority"),
                descriptor.exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toSet()));
        assertTrue(descriptor.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified));
        assertEquals(Set.of(), descriptor.opens());
    }

    @Test
    void requiresTheApiAndNothingElseAtRunTime() {
        assertEquals(
                Map.of(
                        "java.base", Set.of(Requires.Modifier.MANDATED),
                        "io.softclose.net", Set.of(Requires.Modifier.TRANSITIVE),
                        "com.google.guice", Set.of(Requires.Modifier.STATIC),
                        "org.jspecify", Set.of(Requires.Modifier.STATIC)),
                descriptor.requires().stream().collect(Collectors.toMap(Requires::name, Requires::modifiers)));
        assertEquals(Set.of(), descriptor.uses());
    }

    @Test
    void providesThePolicy() {
        assertEquals(List.of(ConsensusPriorityPolicyProvider.class.getName()), provided());
        assertEquals(1, descriptor.provides().size());
    }

    @Test
    void providesTheSameOnTheClassPath() throws IOException {
        try (InputStream file = ConsensusPriorityPolicy.class.getResourceAsStream("/META-INF/services/" + SERVICE)) {
            String text =
                    new String(Objects.requireNonNull(file, "services file").readAllBytes(), UTF_8);

            assertEquals(provided(), text.lines().toList());
        }
    }

    @Test
    void thePolicyIsFoundByItsName() {
        assertEquals(ConsensusPriorityPolicy.defaults(), Providers.closePolicy("consensus-priority"));
    }

    private List<String> provided() {
        return descriptor.provides().stream()
                .filter(provides -> provides.service().equals(SERVICE))
                .flatMap(provides -> provides.providers().stream())
                .toList();
    }

    /** Read from the compiled module, because a test run adds to what the module system sees of it. */
    private static ModuleDescriptor descriptor() {
        try {
            Path classes = Path.of(ConsensusPriorityPolicy.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return ModuleFinder.of(classes)
                    .find("io.softclose.policy.priority")
                    .orElseThrow()
                    .descriptor();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
