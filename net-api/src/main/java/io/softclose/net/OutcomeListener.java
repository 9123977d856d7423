/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Learns how one accepted message ended. */
@FunctionalInterface
public interface OutcomeListener {
    /**
     * Called exactly once for each accepted send that named this listener, on the connection's event loop: it must not
     * block. What it throws is reported to {@link NetworkEvents#callbackFailed} and harms nothing else.
     *
     * @param message the very object that was sent
     */
    void ended(Message message, Outcome outcome);
}
