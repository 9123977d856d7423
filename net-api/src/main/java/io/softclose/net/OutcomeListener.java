/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Learns how one accepted message ended, and on its way there, that it goes on from one connection to the next. */
@FunctionalInterface
public interface OutcomeListener {
    /**
     * Called exactly once for each accepted send that named this listener, on the connection's event loop: it must not
     * block. What it throws is reported to {@link NetworkEvents#callbackFailed} and harms nothing else.
     *
     * @param message the very object that was sent
     */
    void ended(Message message, Outcome outcome);

    /**
     * Called each time the message has left a connection's account as {@link Outcome#HANDED_OVER}, before {@link #ended}: it was
     * addressed to a {@link Peer}, which cannot have it whole, and goes on to the peer's next connection. So it is called as often as {@link
     * PeerAccount#handedOver} counts the message: also for one that may not wait any longer, whose end follows. On the event loop of the
     * connection that it has left: it must not block, and what it throws is reported as above. Does nothing by default.
     *
     * @param message the very object that was sent
     */
    default void handedOver(Message message) {}
}
