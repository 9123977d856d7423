/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One look for the providers of a service, by way of several class loaders: what was found, and what is broken. */
final class ProviderSearch<P> {
    /** Most broken providers that are told of; a service file with more is not read on. */
    private static final int MOST_BROKEN = 100;

    private final Class<P> service;
    private final Function<P, String> nameOf;
    /** By class: two loaders may find the same one. */
    private final Map<Class<?>, P> found = new LinkedHashMap<>();

    private final Map<Class<?>, String> names = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    ProviderSearch(Class<P> service, Function<P, String> nameOf) {
        this.service = service;
        this.nameOf = nameOf;
    }

    /**
     * Adds what one loader finds.
     *
     * @param role what the loader is to us
     * @param loader null for the system's
     */
    void ask(String role, @Nullable ClassLoader loader, ServiceLoader<P> providers) {
        asked.add(role + " (" + (loader == null ? "system" : loader.getClass().getSimpleName()) + ")");
        Iterator<P> each = providers.iterator();
        boolean more = true;
        while (more && broken.size() < MOST_BROKEN) {
            try {
                more = each.hasNext();
                if (more) {
                    add(each.next());
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException cannotBeLoaded) {
                skip(cannotBeLoaded);
            }
        }
    }

    private void add(P provider) {
        String name = nameOf.apply(provider);
        if (found.putIfAbsent(provider.getClass(), provider) == null) {
            names.put(provider.getClass(), String.valueOf(name));
        }
    }

    private void skip(Throwable cannotBeLoaded) {
        String text = String.valueOf(cannotBeLoaded.getMessage());
        if (broken.contains(text)) {
            return;
        }
        broken.add(text);
        try {
            Logger log = System.getLogger("io.softclose.net");
            log.log(Level.WARNING, "a provider is skipped that cannot be loaded", cannotBeLoaded);
        } catch (RuntimeException | Error loggerFailed) {
            broken.add("logging that: " + loggerFailed);
        }
    }

    /** The providers of this name. */
    List<P> named(String name) {
        return names.entrySet().stream()
                .filter(each -> each.getValue().equals(name))
                .map(Entry::getKey)
                .map(found::get)
                .collect(Collectors.toList());
    }

    /** The names of all, in order. */
    List<String> names() {
        return names.values().stream().sorted().toList();
    }

    NetworkException notFound(String what, String name) {
        String brokenOnes = broken.isEmpty() ? "" : "; cannot be loaded: " + broken;
        return new NetworkException(what + ": \"" + name + "\" not found (found: " + names() + brokenOnes + "; asked: "
                + asked + " for META-INF/services/" + service.getName()
                + " and for modules that provide it; is its module"
                + " on the class path or module path? were the files of META-INF/services merged, if this is one jar of"
                + " many?)");
    }
}
