/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent to a peer while its network shuts down. */
class ShutdownOfPeersTest {
    private final HandLoop loop = new HandLoop();
    private final List<Outcome> heard = new ArrayList<>();
    private final List<SendResult> answers = new ArrayList<>();
    private Runnable whileItClosesListeners = () -> {};

    /** The last connection may end, and the shutdown with it, while whoever shuts down still closes the ways in. */
    @Test
    void aMessageForAPeerIsRefusedOrReturnedHoweverSoonTheLastConnectionEnds() throws Exception {
        Network network = new LocalNetwork(HandNetwork.settings(new WithListener(new HandTransport(loop))));
        network.listen(HandTransport.SOMEWHERE);
        Peer peer = network.peer(PeerId.random());
        Connection last = network.dial(HandTransport.SOMEWHERE);
        loop.runAll();
        last.abort();
        send(peer);
        whileItClosesListeners = () -> {
            loop.runAll();
            send(peer);
        };

        var shutdown = network.shutdown(Duration.ofSeconds(1)).toCompletableFuture();
        loop.runAll();

        assertTrue(shutdown.isDone());
        assertEquals(List.of(SendResult.ACCEPTED, SendResult.CLOSING), answers);
        assertEquals(List.of(Outcome.UNSENT), heard);
        assertTrue(peer.account().balanced(), () -> peer.account().toString());
    }

    private void send(Peer peer) {
        answers.add(peer.send(HandNetwork.MESSAGE, (message, outcome) -> heard.add(outcome)));
    }

    /** A transport whose listener takes its time to close. */
    private final class WithListener implements Transport {
        private final HandTransport below;

        WithListener(HandTransport below) {
            this.below = below;
        }

        @Override
        public String name() {
            return below.name();
        }

        @Override
        public Listener listen(SocketAddress local, LinkAcceptor acceptor) {
            return new Listener() {
                @Override
                public SocketAddress localAddress() {
                    return local;
                }

                @Override
                public void close() {
                    whileItClosesListeners.run();
                }
            };
        }

        @Override
        public EventLoop nextLoop() {
            return below.nextLoop();
        }

        @Override
        public Link dial(EventLoop on, SocketAddress remote, Duration timeout, LinkAcceptor acceptor) {
            return below.dial(on, remote, timeout, acceptor);
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
