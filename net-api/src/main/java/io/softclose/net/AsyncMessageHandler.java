/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.concurrent.CompletionStage;

/** Takes the messages of one protocol from peers, and says of each when it has been handled. */
@FunctionalInterface
public interface AsyncMessageHandler {
    /**
     * Called for a message on the connection's event loop, and so must not block. The message has been handled when the
     * returned stage completes, on whatever thread; only then is the next one of this connection and protocol handed on.
     * Until then it counts against {@link Limits#handlerMessages} and {@link Limits#handlerBytes}, and a close waits for it
     * within its time, so every stage should complete. What this throws, or the stage completes with, is reported to {@link
     * NetworkEvents#callbackFailed}; the next message still comes.
     *
     * @param message owned by the handler from now on; its payload is its own copy
     * @return the handling, complete when it is over; its value is of no interest. Null is a failure
     */
    CompletionStage<?> onMessage(Connection connection, Message message) throws Exception;
}
