/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Answers the requests of one protocol at once. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Called for each request, in the order in which the peer's bytes completed them, on the connection's event loop: a
     * slow handler slows its peers down, a blocked one blocks every connection of the loop. {@link AsyncRequestHandler} is
     * for answers that take time. It may send and close.
     *
     * <p>What it throws is reported to {@link NetworkEvents#callbackFailed}, and the request has no answer, which the wire
     * has no word for: the peer learns of it by its timeout.
     *
     * @param request owned by the handler from now on
     * @return the answer; its protocol is not sent, but it chooses the lane, as its priority does. {@link
     *     Message#withPayload(byte[])} of the request makes one of the same
     */
    Message onRequest(Connection connection, Message request) throws Exception;
}
