/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.multibindings.Multibinder;
import java.util.Set;

/** Brings definitions and offers together as soon as the injector is there. Installing it again changes nothing. */
enum AssemblyModule implements Module {
    INSTANCE;

    @Override
    public void configure(Binder binder) {
        Multibinder.newSetBinder(binder, NetworkDefinition.class);
        Multibinder.newSetBinder(binder, Offer.class);
        Provider<Set<NetworkDefinition>> definitions = binder.getProvider(new Key<Set<NetworkDefinition>>() {});
        Provider<Set<Offer>> offers = binder.getProvider(new Key<Set<Offer>>() {});
        binder.bind(NetworkAssembly.class)
                .toProvider(() -> NetworkAssembly.of(definitions.get(), offers.get()))
                .asEagerSingleton();
    }
}
