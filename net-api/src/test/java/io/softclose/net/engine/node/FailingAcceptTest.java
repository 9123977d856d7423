/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.spi.Transport.LinkAcceptor;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** A link that is accepted and cannot become a connection. */
class FailingAcceptTest {
    private final HandLoop loop = new HandLoop();

    @Test
    void aLinkThatCannotBecomeAConnectionTakesNobodysPlace() throws IOException {
        Transport transport = mock();
        when(transport.listen(any(), any())).thenReturn(mock(Transport.Listener.class));
        LocalNetwork network = new LocalNetwork(HandNetwork.settings(transport));
        network.listen(HandTransport.SOMEWHERE);
        ArgumentCaptor<LinkAcceptor> captor = ArgumentCaptor.captor();
        verify(transport).listen(any(), captor.capture());
        LinkAcceptor acceptor = captor.getValue();
        Link broken = mock();
        when(broken.loop()).thenReturn(loop);
        when(broken.remoteAddress()).thenThrow(new IllegalStateException("deliberate"));

        for (int i = 0; i < 200; i++) {
            assertThrows(IllegalStateException.class, () -> acceptor.accept(broken));
        }

        assertEquals(0, network.roster().loops(), "loops with connections");
        assertFalse(acceptor.accept(new HandLink(loop)) instanceof RefusedLink, "refused for want of a place");
    }
}
