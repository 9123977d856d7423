/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** What a network does, and does not do, with a transport that belongs to somebody else. */
class TransportOwnershipTest {
    private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final Transport transport = mock(Transport.class);
    private final Listener listener = mock(Listener.class);
    private final ClosePolicy policy = mock(ClosePolicy.class);

    @BeforeEach
    void answer() throws IOException {
        when(transport.listen(any(), any())).thenReturn(listener);
        when(policy.name()).thenReturn("mock");
        when(policy.lanes(any())).thenReturn(LanePlan.single(Limits.defaults()));
    }

    @Test
    void aTransportPassedAsAnObjectStaysItsOwnersToClose() {
        Network network = network();

        assertTrue(network.shutdown().toCompletableFuture().isDone());

        verify(transport, never()).close();
    }

    @Test
    void aTransportMadeForANetworkThatCannotBeBuiltIsClosed() {
        NetworkBuilder builder = Network.builder()
                .transport(() -> transport)
                .closePolicy(policy)
                .networkId(NetworkId.privateNetwork("x".repeat(70_000)))
                .support(ProtocolId.MEMPOOL_DIRECT_SEND);

        assertThrows(IllegalArgumentException.class, builder::build);

        verify(transport).close();
    }

    /** As happens when no thread is available. */
    @Test
    void aTransportMadeForANetworkThatAnErrorEndsIsClosed() {
        Error failure = new Error("deliberate");
        when(policy.name()).thenThrow(failure);
        NetworkBuilder builder = Network.builder()
                .transport(() -> transport)
                .closePolicy(policy)
                .support(ProtocolId.MEMPOOL_DIRECT_SEND);

        assertSame(failure, assertThrows(Error.class, builder::build));

        verify(transport).close();
    }

    @Test
    void shutdownStopsListeningBeforeItClosesConnections() throws IOException {
        Network network = network();
        network.listen(address);
        Link link = mock(Link.class);
        EventLoop loop = mock(EventLoop.class);
        when(link.loop()).thenReturn(loop);
        when(link.remoteAddress()).thenReturn(address);
        ArgumentCaptor<LinkAcceptor> acceptor = ArgumentCaptor.forClass(LinkAcceptor.class);
        verify(transport).listen(any(), acceptor.capture());
        acceptor.getValue().accept(link);

        network.shutdown();

        InOrder order = inOrder(listener, loop);
        order.verify(listener).close();
        order.verify(loop).execute(any());
    }

    @Test
    void aNetworkThatIsShutDownNeitherListensNorDials() {
        Network network = network();
        network.shutdown();

        assertThrows(NetworkException.class, () -> network.listen(address));
        assertThrows(NetworkException.class, () -> network.dial(address));
    }

    @Test
    void aClosedListenerIsNotClosedAgainByShutdown() throws IOException {
        Network network = network();
        network.listen(address).close();

        network.shutdown();

        verify(listener).close();
    }

    private Network network() {
        return Network.builder()
                .transport(transport)
                .closePolicy(policy)
                .support(ProtocolId.MEMPOOL_DIRECT_SEND)
                .build();
    }
}
