/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.concurrent.CompletionStage;

/** Answers the requests of one protocol in its own time. */
@FunctionalInterface
public interface AsyncRequestHandler {
    /**
     * Called as {@link RequestHandler#onRequest} is, on the connection's event loop, and must return soon. The stage may be
     * completed by any thread. Its answer is sent if it comes within {@link Limits#inboundRequestTimeout}, and while
     * messages may go; one that comes later is dropped and counted. A closing connection whose policy waits for answers
     * waits for it.
     *
     * <p>Until the stage completes, also if that is too late for the answer, the request counts against {@link
     * Limits#handlerMessages} and {@link Limits#handlerBytes}, and a close and a shutdown wait for it within their time. A stage
     * that may never complete needs a timeout, such as {@link java.util.concurrent.CompletableFuture#orTimeout}.
     *
     * @param request owned by the handler from now on
     * @return completes with the answer; a failure is treated as one that {@link RequestHandler#onRequest} throws
     */
    CompletionStage<Message> onRequest(Connection connection, Message request) throws Exception;
}
