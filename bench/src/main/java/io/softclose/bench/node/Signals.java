/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Signals to a JVM that is ending already, which it ignores unless a handler is set, and those that a process is to ignore. Java has
 * handlers only in {@code sun.misc}; where that is missing, all is as the JVM does it.
 */
public final class Signals {
    private static final List<String> ASKING_TO_END = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /** Runs this, on a thread of its own, whenever the process is asked to end (SIGINT, SIGTERM, SIGHUP) from now on. */
    static void onNext(Runnable action) {
        ASKING_TO_END.forEach(name -> handle(name, action));
    }

    /** Has this process go on when it is interrupted from a terminal (SIGINT), where whoever started it is interrupted, too. */
    public static void ignoreInterrupt() {
        handle("INT", () -> {});
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
