/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Provider;
import io.softclose.net.NetworkBuilder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One thing that a {@link NetworkModule} says of its network. */
@FunctionalInterface
interface Setting {
    /**
     * Asks the injector that is being made for what the setting needs.
     *
     * @return makes the setting; may be called once the injector is there, in any thread
     */
    Consumer<NetworkBuilder> in(Binder binder);

    /** A setting that needs nothing. */
    static Setting fixed(Consumer<NetworkBuilder> made) {
        return binder -> made;
    }

    /** A setting whose value is injected. */
    static <T> Setting injected(Key<? extends T> key, BiConsumer<NetworkBuilder, T> setter) {
        return binder -> {
            Provider<? extends T> value = binder.getProvider(key);
            return network -> setter.accept(network, value.get());
        };
    }

    /** A setting of two values that are injected. */
    static <T, U> Setting injected(Key<? extends T> first, Key<? extends U> second, Pair<T, U> setter) {
        return binder -> {
            Provider<? extends T> one = binder.getProvider(first);
            Provider<? extends U> other = binder.getProvider(second);
            return network -> setter.accept(network, one.get(), other.get());
        };
    }

    /** Sets two values that belong together. */
    @FunctionalInterface
    interface Pair<T, U> {
        void accept(NetworkBuilder network, T first, U second);
    }
}
