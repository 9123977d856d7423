/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a peer. Every method may be called from any thread, the connection's event loop and its handlers
 * included, and none blocks but {@link #sendBlocking}.
 *
 * <p>Stages complete on the event loop: what depends on them must not block there. They, and those made of them, refuse
 * to be waited for on an event loop: while they are not complete, {@code join} and {@code get} throw an {@link
 * IllegalStateException} on the loop of any connection in this process, because loops that wait for each other wait for
 * ever. {@link java.util.concurrent.CompletableFuture#allOf} and {@code anyOf} make futures that know nothing of this.
 * A stage may be completed by whoever asked for it, which nobody else sees.
 *
 * <p>It is not {@link AutoCloseable}: leaving a block would have to wait for {@link #close}, on a thread that may be the
 * connection's own, and nobody would see the report, which says what did not go. {@link Network#close} waits for all.
 */
public interface Connection {
    /** Which end dialled. */
    enum Direction {
        INBOUND,
        OUTBOUND
    }

    /** The connection's number within its network, from 1. */
    long id();

    /**
     * Who is at the other end: once open, as the identity exchange found; while dialling, who was dialled. Unless {@link
     * #provenPeer} has it, too, this is only what is believed, or stands for an address: no ground for trust.
     */
    PeerId peer();

    /**
     * Who the peer has proved to be, such as by TLS with its key. Nobody until the connection is open, and never anybody on
     * one by {@linkplain NetworkBuilder#plaintext plaintext}: whatever depends on who is there is to ask this.
     */
    Optional<PeerId> provenPeer();

    /** Which end dialled. */
    Direction direction();

    /** The peer's address; the name, not resolved, of a host that was dialled by name. */
    SocketAddress remoteAddress();

    /** Where the connection is in its life. */
    ConnectionState state();

    /** The protocols that both ends support; empty until the connection is open. */
    Set<ProtocolId> protocols();

    /**
     * Offers a message. Answers at once, and never blocks. An accepted message is counted in the {@link #account()} and
     * ends in exactly one outcome; a refused one leaves no trace, so the answer is to be looked at.
     */
    @CheckReturnValue
    SendResult send(Message message);

    /** As {@link #send(Message)}; the listener learns the outcome of an accepted message. */
    @CheckReturnValue
    SendResult send(Message message, OutcomeListener listener);

    /**
     * Asks the peer. The request is a message: it takes a place in its lane, is counted in the {@link #account()}, and may be
     * refused. Answers at once, and never blocks.
     *
     * @param message of a protocol whose requests the peer answers; its time to live may end before the timeout
     * @param timeout from now, waiting in the lane included; longer than zero. A handler off the loop that waits for an
     *     answer from its own peer may wait in vain: while the connection's handlers are full, nothing is handed on, answers
     *     neither
     * @return completes exactly once: with the answer, or a {@link RequestException}; complete if the request was refused.
     *     A peer that takes no requests of the protocol ends all of that protocol that are in flight
     * @throws IllegalArgumentException if the timeout is not longer than zero
     */
    Reply request(Message message, Duration timeout);

    /** The most bytes that the payload of a {@link #probe}, or of an answer that is to go before all lanes, may have. */
    int MAX_PROBE_BYTES = 256;

    /**
     * Asks the peer past everything that waits, as a health check does: the request goes before what is in any lane, in a place of
     * its own. So it takes no room in a lane, is in no lane's account, and has no outcome; {@link ConnectionStats#probes} counts
     * it. At the peer it is a request as any other, which {@link NetworkBuilder#answerProbes} answers in the same way. No
     * close waits for the answer. Answers at once, and never blocks.
     *
     * @param message of a protocol whose requests the peer answers, {@link #MAX_PROBE_BYTES} at most; its time to live means nothing
     * @param timeout from now; longer than zero
     * @return as {@link #request}; {@link SendResult#TOO_MANY_REQUESTS} if four are unanswered already, {@link SendResult#TOO_LARGE} if
     *     the payload is
     * @throws IllegalArgumentException if the timeout is not longer than zero
     */
    Reply probe(Message message, Duration timeout);

    /**
     * Runs an action once, on the event loop, as soon as this message fits into its lane and the lane is at most half full,
     * or when the connection closes; then it is worth trying {@link #send} again. In each lane those who wait are told in
     * the order in which they began to, so one that waits for much is not overtaken by others that wait for little. A
     * message that is too large for its lane is told of room as an empty one is. On a connection that has closed, the
     * action may run before this returns, in the calling thread.
     *
     * @return takes the action back
     */
    RoomWait onRoom(Message message, Runnable action);

    /** A wait for room, of {@link #onRoom}. */
    @FunctionalInterface
    interface RoomWait {
        /**
         * Gives up waiting. Callable from any thread, any number of times.
         *
         * @return whether the action will not run; false if it has run or is about to, or was taken back before
         */
        boolean cancel();
    }

    /**
     * Sends, waiting while the outbox has no {@linkplain #onRoom room}. Nobody waits for it any more when it has returned,
     * or thrown.
     *
     * @return what the last {@link #send} answered: {@link SendResult#OUTBOX_FULL} if the time passed
     * @throws IllegalStateException on this connection's event loop, and on any other connection's in this process if it
     *     would have to wait
     */
    @CheckReturnValue
    SendResult sendBlocking(Message message, Duration timeout) throws InterruptedException;

    /** What was accepted and how it ended, now. */
    Account account();

    /**
     * What the connection has done so far and how it fares, now. Never waits. From {@link NetworkEvents#disconnected} on its figures are
     * its last.
     */
    ConnectionStats stats();

    /**
     * Stops handing messages to handlers, or goes on; the last call counts. {@code PAUSED} holds from the message at
     * hand on if a handler of this connection says so, or anything else on its event loop; called on another thread, it
     * holds as soon as the handler that is running has returned.
     *
     * <p>Once the connection holds 64 KiB and what one read brought, TCP's flow control stops the peer. So the
     * connection notices a peer that goes, unless more bytes than that come before:
     *
     * <ul>
     *   <li>a link that fails, at once: what is held is handed to the handlers, paused or not, and the connection has
     *       closed;
     *   <li>the peer's end (FIN), at once if nothing is held and nothing waits for handlers off the loop; otherwise when that
     *       has been handed on, which happens, paused or not, from {@link Limits#pausedGrace} on. Then the connection closes as
     *       any whose peer has ended; at that time it closes also if handlers are full, and hands on the rest meanwhile.
     * </ul>
     *
     * Either way {@link #closed} completes, and {@link NetworkEvents#disconnected} is told. An end or a failure behind more
     * bytes is not noticed before {@code RESUMED}, or a write that fails. A closing connection takes no pause: it hands on
     * what is held, reads, and ends its direction only after that.
     */
    void reading(Reading wanted);

    /** Whether a connection reads from its peer. */
    enum Reading {
        PAUSED,
        RESUMED
    }

    /** Completes with this connection when it is open, or with the {@link NetworkException} that prevented it. */
    CompletionStage<Connection> opened();

    /** Completes when the connection has closed, whoever closed it. */
    CompletionStage<CloseReport> closed();

    /** Closes at the application's request, under the connection's policy and its full deadline. */
    CompletionStage<CloseReport> close();

    /** Closes for this reason, under the connection's policy and the deadline it gives for the reason. */
    CompletionStage<CloseReport> close(DisconnectReason reason);

    /**
     * Closes for this reason, under the connection's policy, within this time. Closing again is allowed; the first
     * reason stays, and the earlier deadline wins.
     *
     * @param deadline how long the close may take in all, from now; zero ends it at once
     */
    CompletionStage<CloseReport> close(DisconnectReason reason, Duration deadline);

    /** Closes at once, without asking the policy: what has not left is UNSENT, and the peer sees a reset (RST). */
    CompletionStage<CloseReport> abort();
}
