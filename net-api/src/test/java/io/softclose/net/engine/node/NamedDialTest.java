/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.engine.HandLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A dial by name is a link as any other before there is one. The network's view of it is tested with the test kit. */
class NamedDialTest {
    private final HandLoop loop = new HandLoop();
    private final Transport transport = mock(Transport.class);
    private final Link below = mock(Link.class);
    private final LinkHandler above = mock(LinkHandler.class);
    private final List<LinkHandler> dialling = new ArrayList<>();

    @Test
    void aPauseBeforeThereIsALinkHoldsForIt() throws Exception {
        CountDownLatch lookedUp = new CountDownLatch(1);
        Dialler dialler = dialler(lookedUp);
        List<Link> made = new ArrayList<>();
        dialler.dial(InetSocketAddress.createUnresolved("node.example", 1), link -> {
            made.add(link);
            return above;
        });

        made.get(0).reading(Reading.PAUSED);
        loop.runAll();
        assertTrue(lookedUp.await(30, TimeUnit.SECONDS));
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                dialling.isEmpty() && System.nanoTime() < end; ) {
            loop.runAll();
        }
        dialling.get(0).onConnected();

        verify(below).reading(Reading.PAUSED);
        verify(above).onConnected();
        dialler.close();
    }

    private Dialler dialler(CountDownLatch lookedUp) {
        when(transport.nextLoop()).thenReturn(loop);
        when(transport.dial(same(loop), any(), any(), any())).thenAnswer(call -> {
            LinkAcceptor acceptor = call.getArgument(3);
            dialling.add(acceptor.accept(below));
            return below;
        });
        return new Dialler(
                transport,
                host -> {
                    lookedUp.countDown();
                    return List.of(InetAddress.getLoopbackAddress());
                },
                Duration.ofSeconds(30));
    }
}
