/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A transport that is made when it is first used. */
class TransportOnDemandTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final LinkAcceptor acceptor = mock(LinkAcceptor.class);
    private final Transport made = mock(Transport.class);
    private int count;
    private final TransportOnDemand transport = new TransportOnDemand("pipe", () -> {
        count++;
        return made;
    });

    @Test
    void itIsMadeOnceAndPassesEverythingOn() throws IOException {
        Listener listener = mock(Listener.class);
        Link link = mock(Link.class);
        when(made.listen(address, acceptor)).thenReturn(listener);
        EventLoop loop = mock(EventLoop.class);
        when(made.nextLoop()).thenReturn(loop);
        when(made.dial(loop, address, TIMEOUT, acceptor)).thenReturn(link);

        assertEquals("pipe", transport.name());
        assertEquals(0, count);
        assertSame(listener, transport.listen(address, acceptor));
        assertSame(link, transport.dial(address, TIMEOUT, acceptor));
        assertEquals(1, count);
        transport.close();
        verify(made).close();
    }

    @Test
    void onceClosedItIsNeverMade() {
        transport.close();

        assertThrows(RejectedExecutionException.class, () -> transport.listen(address, acceptor));
        assertThrows(RejectedExecutionException.class, () -> transport.dial(address, TIMEOUT, acceptor));
        assertEquals(0, count);
    }
}
