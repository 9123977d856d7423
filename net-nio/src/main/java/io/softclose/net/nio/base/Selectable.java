/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.base;

/** Whom a channel is registered for: told on the loop when it is ready. */
@FunctionalInterface
public interface Selectable {
    /**
     * The channel was ready when it was selected; whatever ran since may have changed that.
     *
     * @param operations those of {@link java.nio.channels.SelectionKey}
     */
    void onReady(int operations);
}
