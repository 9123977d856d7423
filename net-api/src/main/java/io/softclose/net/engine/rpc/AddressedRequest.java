/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.engine.outbox.Addressed;
import java.util.concurrent.CompletableFuture;

/**
 * A request that is addressed to a peer and outlives connections. Each connection that takes it makes an attempt of its own, with
 * an id of that connection's, which completes the request's reply unless it is handed over.
 */
public interface AddressedRequest extends Addressed {
    Message message();

    /** How long until it times out, in nanoseconds. */
    long timeLeft();

    /** How much of its time to live is over, in nanoseconds; zero if it has none. */
    long age();

    /** What its caller has. */
    CompletableFuture<Message> reply();

    /**
     * A connection is about to take it. Any thread.
     *
     * @param attempt to be cancelled if nobody wants the reply any more
     * @param deadlineAt when it times out, on that connection's clock
     */
    void attempted(Reply attempt, long deadlineAt);
}
