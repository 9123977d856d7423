/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.AsyncMessageHandler;
import io.softclose.net.MessageHandler;
import java.util.concurrent.Executor;

/** Who handles the messages of a protocol, and where. */
public sealed interface Handling {
    /**
     * On the connection's loop, at once.
     *
     * @param handler called there
     */
    record OnLoop(MessageHandler handler) implements Handling {}

    /**
     * In tasks of an executor, one message of a connection after the other.
     *
     * @param handler called in the tasks
     * @param executor the user's, who also shuts it down
     */
    record OnExecutor(MessageHandler handler, Executor executor) implements Handling {}

    /**
     * Wherever the handler's stages complete, one message of a connection after the other.
     *
     * @param handler called on the loop
     */
    record InStages(AsyncMessageHandler handler) implements Handling {}
}
