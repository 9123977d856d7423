/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Signals to a JVM that is ending already: it ignores them unless a handler is set, which Java has only in {@code
 * sun.misc}. Where that is missing they stay ignored.
 */
final class Signals {
    private static final List<String> ASKING_TO_END = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /** Runs this, on a thread of its own, whenever the process is asked to end (SIGINT, SIGTERM, SIGHUP) from now on. */
    static void onNext(Runnable action) {
        ASKING_TO_END.forEach(name -> handle(name, action));
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calling);
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            // A JDK without them, or a system without this signal: a second signal changes nothing there.
        }
    }
}
