/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import com.google.inject.Provider;
import io.softclose.net.Network;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the network of a name. Providers of the same name are equal: Guice takes two bindings to them for one, and
 * what is wrong with two definitions of a network is said by {@link NetworkAssembly}, in words.
 */
final class NetworkProvider implements Provider<Network> {
    private final Optional<String> name;
    private final Provider<NetworkAssembly> assembly;

    NetworkProvider(Optional<String> name, Provider<NetworkAssembly> assembly) {
        this.name = name;
        this.assembly = assembly;
    }

    @Override
    public Network get() {
        return assembly.get().build(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkProvider that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return NetworkDefinition.describe(name);
    }
}
