/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import io.softclose.net.spi.Scheduler;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The local node of a network: it listens, dials, hands out connections, and shuts all of them down. Thread-safe.
 *
 * <p>Nothing about a network is global: one application may run several, for example a validator's and a public one.
 */
public interface Network extends AutoCloseable {
    /** Starts a network's settings from the defaults. */
    static NetworkBuilder builder() {
        return new NetworkBuilder();
    }

    /** Who this node is. */
    PeerId peerId();

    /**
     * Accepts connections on an address, until the listener is closed or the network shuts down.
     *
     * @param local an address that the transport understands; port 0 lets the operating system choose
     * @return the listener, which knows the bound address
     * @throws IOException if the address cannot be bound
     * @throws NetworkException if the network has been shut down
     */
    Listener listen(SocketAddress local) throws IOException;

    /**
     * Dials a peer and expects to find it there. The connection is returned at once, on its way; {@link
     * Connection#opened} tells when it is open, or what prevented it.
     *
     * <p>A host may be dialled by its name, as {@link java.net.InetSocketAddress#createUnresolved} has it. It is looked up
     * by the {@link NetworkBuilder#nameResolver} while the connection is on its way. Then its addresses are dialled one
     * after the other, 16 at most, in the order in which they were found, until one answers. {@link Limits#dialTimeout} is
     * for all of it: each address has an equal share of what is left. If none answers, the exception says what became of
     * each, and has what was thrown suppressed. A name is looked up for each dial anew; how long answers are kept is the
     * resolver's.
     *
     * @param remote an address that the transport understands, or a host's name and a port
     * @throws NetworkException if the network has been shut down, or the transport refuses: it has been closed, or its
     *     loop has stopped. Nothing is left of such a dial, and no event tells of it
     * @throws IllegalArgumentException if the transport does not take such an address
     */
    Connection dial(PeerId peer, SocketAddress remote);

    /**
     * Dials whoever is at an address. What this proves about the peer is up to the identity exchange.
     *
     * @throws NetworkException as {@link #dial(PeerId, SocketAddress)}
     * @throws IllegalArgumentException if the transport does not take such an address
     */
    Connection dial(SocketAddress remote);

    /**
     * Somebody to whom messages are sent with or without a connection: they wait for the next one, for a while. The same
     * object each time, as long as the application keeps it, or it has a connection or something waits for it.
     */
    Peer peer(PeerId peer);

    /**
     * The peers that this network knows: those that the application keeps, that have a connection, or that something waits for. A
     * moment's view, in no order. As long as it is kept, so are they.
     */
    List<Peer> peers();

    /** The open and closing connections, and those being dialled. A moment's view, in order of their ids. */
    List<Connection> connections();

    /**
     * The time by which this network lives, for whoever does something now and then beside it: real time, or a simulated
     * network's own. Always the same scheduler, for any thread, as its timers are. It runs its tasks one at a time, on one of
     * the transport's event loops, so they must not block; those without a delay run in the order in which they were given. What a
     * task throws is logged by the loop. Once the transport is closed, no task runs any more: then, or soon after, the scheduler
     * throws {@link java.util.concurrent.RejectedExecutionException}. One that is first used when the network has been shut down
     * or its transport closed throws a {@link NetworkException}.
     */
    Scheduler scheduler();

    /**
     * Whether it has begun to shut down, or has done so. Whoever does something now and then beside it stops then: its
     * scheduler may go on, if its transport is not its own.
     */
    boolean closing();

    /** As {@link #shutdown(Duration)}, with 30 s, AptosNet's time limit for flushing and closing. */
    CompletionStage<ShutdownReport> shutdown();

    /**
     * Says so ({@link NetworkEvents#shuttingDown}), stops listening, then closes every connection under its policy with {@link DisconnectReason#NETWORK_SHUTDOWN}, all
     * within one budget of time, then stops the transport if the network made it. Never blocks. The stage completes last,
     * after each connection's {@link Connection#closed} stage and {@link NetworkEvents#disconnected}. Shutting down again
     * answers with the first shutdown's stage, and a shorter budget wins. As {@linkplain Connection any stage}, it refuses
     * to be waited for on an event loop.
     *
     * <p>Urgent messages go first, over all connections: as long as any of them has messages of the most urgent lane, which is
     * the first of its {@link io.softclose.net.spi.LanePlan}, none starts messages of other lanes; but no connection waits so
     * for longer than half of its time. What has started is finished.
     *
     * <p>Nobody comes in any more: links that arrive are reset, and {@link NetworkEvents#inboundRefused} is told; what is not
     * open yet, dials too, ends at once.
     *
     * @param budget for all of it, from now
     */
    CompletionStage<ShutdownReport> shutdown(Duration budget);

    /**
     * As {@link #shutdown()}, and waits for it, for {@code try (Network network = …)}. It waits for the shutdown's budget, and
     * five seconds more, in which the network's transport sees off what lingers; then it returns, says so in the log, and the
     * shutdown goes on. So does it if the waiting thread is interrupted, which stays interrupted. What became of the
     * messages is in each connection's report, and in the one of {@link #shutdown}, which may be asked for before or after.
     * Idempotent.
     *
     * @throws IllegalStateException on the event loop of any connection in this process; nothing is closed then
     */
    @Override
    void close();
}
