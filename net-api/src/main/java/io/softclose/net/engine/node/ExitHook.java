/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.NetworkException;

/**
 * Has a network shut down when the virtual machine exits, and holds the exit back until then. Its thread is made now,
 * which the virtual machine starts when it exits. It keeps the network, so it is removed once that has shut down.
 */
final class ExitHook {
    /** Where hooks are registered: with the virtual machine, but for tests. */
    interface Hooks {
        /** With the virtual machine. */
        Hooks OF_THE_PROCESS = new Hooks() {
            @Override
            public void add(Thread hook) {
                Runtime.getRuntime().addShutdownHook(hook);
            }

            @Override
            public void remove(Thread hook) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        };

        /**
         * As {@link Runtime#addShutdownHook}.
         *
         * @throws IllegalStateException if the virtual machine exits already
         */
        void add(Thread hook);

        /**
         * As {@link Runtime#removeShutdownHook}.
         *
         * @throws IllegalStateException if the virtual machine exits already
         */
        void remove(Thread hook);
    }

    private final Hooks hooks;
    private final Thread thread;

    /**
     * Registers it.
     *
     * @param work shuts the network down and waits for that
     * @throws NetworkException if the virtual machine exits already: what is opened now would not be closed
     */
    ExitHook(Hooks hooks, Runnable work) {
        this.hooks = hooks;
        thread = new Thread(work, "softclose-exit");
        try {
            hooks.add(thread);
        } catch (IllegalStateException exiting) {
            throw new NetworkException("the process is exiting, and the network was to shut down then", exiting);
        }
    }

    /** The network has shut down. */
    void remove() {
        try {
            hooks.remove(thread);
        } catch (IllegalStateException exiting) {
            // It is at work, or finds nothing to do.
        }
    }
}
