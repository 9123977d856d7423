/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.time.Duration;
import java.util.Optional;

/**
 * Who is at the other end, with or without a connection: of {@link Network#peer}. A message that is addressed to a
 * connection comes back with that connection's report; one that is addressed to a peer outlives it. What a connection leaves
 * {@link Outcome#UNSENT} of it waits for the peer's next connection, in the order of its lane, before newer ones, and so
 * does what is sent while there is no connection. So nothing is sent twice: what the peer has, or may have, stays where it
 * ended, and so does what a policy {@linkplain Outcome#DISCARDED discards}.
 *
 * <p>A message waits without a connection for so long as its sender allows, all its waits together; then it comes back as
 * {@link Outcome#UNSENT}, or before, when its time to live is over, as {@link Outcome#EXPIRED}. What waits is bounded as the
 * lanes of a connection are. What a connection hands over is taken in besides, so at most twice that waits.
 *
 * <p>Messages go to connections whose peer has {@linkplain Connection#provenPeer proved} this identity, whichever end
 * dialled. On a network by {@linkplain NetworkBuilder#plaintext plaintext} nobody proves anything: there they go to
 * connections that this end has dialled as {@link Network#dial(PeerId, java.net.SocketAddress) this peer's}, and to no other.
 * They go to one connection at a time, and to the next only once that one has closed, with its report.
 *
 * <p>Thread-safe; no method blocks. While a connection is open and nothing waits in a message's lane, sending to its peer
 * takes no lock. A peer costs nothing that grows while nothing waits for it: its account is forgotten once it has no
 * connection and the application has let go of this object.
 */
public interface Peer {
    /** Who it is. */
    PeerId peerId();

    /** As {@link #send(Message, Duration)}, to wait as long as {@link NetworkBuilder#peerWait} allows. */
    @CheckReturnValue
    SendResult send(Message message);

    /** As {@link #send(Message, OutcomeListener, Duration)}, to wait as long as {@link NetworkBuilder#peerWait} allows. */
    @CheckReturnValue
    SendResult send(Message message, OutcomeListener listener);

    /**
     * As {@link #send(Message, OutcomeListener, Duration)}, with nobody to be told: {@link NetworkEvents#returned} is told
     * of a message that has waited in vain.
     */
    @CheckReturnValue
    SendResult send(Message message, Duration wait);

    /**
     * Offers a message: to the peer's connection, or to wait for the next one. Answers at once.
     *
     * @param listener told of the final outcome, once, on the event loop of whoever ends it: the connection's, or while it
     *     waits for one, a loop of the network's transport; when the network shuts down, any thread
     * @param wait for how long it may wait without a connection; zero for not at all
     * @return {@link SendResult#NOT_CONNECTED} if it may not wait and would have to; {@link SendResult#OUTBOX_FULL} if the
     *     lane has no room, of the connection or of what waits; {@link SendResult#CLOSING} if the network shuts down; {@link
     *     SendResult#PROTOCOL_NOT_NEGOTIATED} if the connection, or without one this network, does not speak its protocol
     * @throws IllegalArgumentException if the wait is negative
     */
    @CheckReturnValue
    SendResult send(Message message, OutcomeListener listener, Duration wait);

    /**
     * Asks the peer, with or without a connection. The request is a message as any that is sent to the peer: it has its place in its
     * lane, waits for the next connection if need be, and goes on to another if the one that has it ends before any of it has left.
     * It waits as long as its timeout allows. From a connection whose peer has ended its direction it goes on as well, for no
     * answer could come, and loses its place, for messages still go there. Once it has left, it stays with its connection: if that ends without the answer, it
     * is {@link RequestException.Failure#UNANSWERED}. Answers at once, and never blocks.
     *
     * @param message of a protocol whose requests the peer answers; its time to live may end before the timeout
     * @param timeout from now, all waiting included; longer than zero
     * @return as of {@link Connection#request}. It is {@link RequestException.Failure#TIMED_OUT} if no connection came in time, and
     *     {@link RequestException.Failure#NOT_SENT} if the network has shut down, or the next connection does not speak its
     *     protocol or awaits {@link Limits#maxOutboundRequests} answers already. As many may be awaited of a peer at a time;
     *     one more is refused as {@link SendResult#TOO_MANY_REQUESTS}. Without a connection it completes on a loop of the network's
     *     transport
     * @throws IllegalArgumentException if the timeout is not longer than zero
     */
    Reply request(Message message, Duration timeout);

    /**
     * Runs an action once, as soon as there is room for this message, with or without a connection; then it is worth trying {@link
     * #send} again, to wait for the next connection if need be. Room is told of when the message fits and no more than half is
     * used of what bounds it at that time: of its lane at the connection that messages go to; or, without one, while one
     * closes or while others of the lane wait, of what waits. Connections come and go without ending the wait. In each lane those
     * who wait are told in the order in which they began to, one that waits for much before others that wait for little. A message
     * that is too large for its lane is told of room as an empty one is. When the network shuts down, all are told.
     *
     * <p>It is the room of a message that may wait: one that may not, sent with a wait of zero, finds a way only with a
     * connection, and may be refused as before.
     *
     * @param action run on an event loop: of the connection that has room, or else one of the network's transport; once the transport
     *     is closed, on any thread, which may be the one that calls this, before it returns. It must not block
     * @return takes the action back
     */
    Connection.RoomWait onRoom(Message message, Runnable action);

    /**
     * An open connection to the peer, if there is one: the one that messages go to, or else, while that one closes, the one that
     * they will go to.
     */
    Optional<Connection> connection();

    /** What became of the messages that were addressed to it, over all its connections. */
    PeerAccount account();

    /** The same, with what waits for its next connection, and whether it has one, now. Looks at each message that waits. */
    PeerStats stats();
}
