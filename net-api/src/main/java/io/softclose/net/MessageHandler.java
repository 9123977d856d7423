/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Takes the messages of one protocol from peers. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Called for each message, in the order in which the peer's bytes completed them, on the connection's event loop.
     * It may send and close. While it runs, nothing else happens on this loop: a slow handler slows its peers down
     * (TCP's flow control), a blocked one blocks every connection of the loop. What it throws is reported to {@link
     * NetworkEvents#callbackFailed}; the next message still comes.
     *
     * <p>A handler that takes its time is given an executor, see {@link NetworkBuilder#handle(ProtocolId, MessageHandler,
     * java.util.concurrent.Executor)}. It is called in tasks of that executor instead, one message of a connection after
     * the other, and may block.
     *
     * @param message owned by the handler from now on; its payload is its own copy
     */
    void onMessage(Connection connection, Message message) throws Exception;
}
