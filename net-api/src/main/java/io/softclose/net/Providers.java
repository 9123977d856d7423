/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.TransportProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Finds transports and close policies by name, among the {@link ServiceLoader} providers of the module path and the
 * class path. The calling thread's context class loader is asked first, then the one that loaded this library. A provider
 * that cannot be loaded hides no other: it is skipped, logged as a warning to {@code io.softclose.net}, and named in the
 * exception if nothing was found. Thread-safe.
 *
 * <p>In one jar that was made of many ("fat", "shaded"), the files of {@code META-INF/services} must have been merged; Maven's
 * Shade plugin does that with its {@code ServicesResourceTransformer}. Otherwise one plug-in's file hides the others'.
 */
public final class Providers {
    private Providers() {}

    /**
     * A new transport of this name, with default settings, owned by the caller.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found, those that
     *     are broken, the loaders that were asked, and what for
     */
    public static Transport transport(String name) {
        return transportProvider(name).create();
    }

    /**
     * The provider of the transport of this name, for those who want the transport later.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found, those that
     *     are broken, the loaders that were asked, and what for
     */
    public static TransportProvider transportProvider(String name) {
        return only("transport", name, TransportProvider.class, TransportProvider::name);
    }

    /**
     * A close policy of this name, with default settings.
     *
     * @throws NetworkException if none, or more than one, has the name; the message lists those found, those that
     *     are broken, the loaders that were asked, and what for
     */
    public static ClosePolicy closePolicy(String name) {
        return only("close policy", name, ClosePolicyProvider.class, ClosePolicyProvider::name)
                .create();
    }

    /** The names of the transports that can be found, in order. */
    public static List<String> transportNames() {
        return names(TransportProvider.class, TransportProvider::name);
    }

    /** The names of the close policies that can be found, in order. */
    public static List<String> closePolicyNames() {
        return names(ClosePolicyProvider.class, ClosePolicyProvider::name);
    }

    private static <P> P only(String what, String name, Class<P> service, Function<P, String> nameOf) {
        ProviderSearch<P> search = search(service, nameOf);
        List<P> named = search.named(name);
        if (named.size() == 1) {
            return named.get(0);
        }
        if (named.isEmpty()) {
            throw search.notFound(what, name);
        }
        throw new NetworkException(what + ": \"" + name + "\" has " + named.size() + " providers (expected: 1): "
                + named.stream().map(p -> p.getClass().getName()).toList());
    }

    private static <P> List<String> names(Class<P> service, Function<P, String> nameOf) {
        return search(service, nameOf).names();
    }

    /**
     * Asks the context loader first, which knows an application in a container; then ours, for threads whose context
     * loader knows nothing of the application: those of the common pool, for one.
     */
    private static <P> ProviderSearch<P> search(Class<P> service, Function<P, String> nameOf) {
        ProviderSearch<P> search = new ProviderSearch<>(service, nameOf);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = Providers.class.getClassLoader();
        search.ask("the thread's context loader", context, ServiceLoader.load(service, context));
        if (own != context) {
            search.ask("the loader of this library", own, ServiceLoader.load(service, own));
        }
        return search;
    }
}
