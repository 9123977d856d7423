/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StalePeersTest {
    /** Whoever adds an event must let it pass here, or its observer never hears of it. */
    @Test
    void everyEventReachesTheNextObserver() throws NoSuchMethodException {
        for (Method event : NetworkEvents.class.getMethods()) {
            Method own = StalePeers.class.getMethod(event.getName(), event.getParameterTypes());

            assertEquals(StalePeers.class, own.getDeclaringClass(), event::toString);
        }
    }

    @Test
    void whoIsTrustedNoMoreIsClosedThoughAnObserverThrows() {
        Connection connection = mock(Connection.class);
        when(connection.provenPeer()).thenReturn(Optional.of(PeerId.random()));
        NetworkEvents events = TrustedPeers.of().closingRemoved(new NetworkEvents() {
            @Override
            public void connected(Connection opened) {
                throw new IllegalStateException("on purpose");
            }
        });

        assertThrows(IllegalStateException.class, () -> events.connected(connection));

        verify(connection).close(DisconnectReason.STALE_CONNECTION);
    }

    @Test
    void whoIsTrustedChangesAtRunTime() {
        PeerId alice = PeerId.random();
        PeerId bob = PeerId.random();
        TrustedPeers trusted = TrustedPeers.of(alice);

        trusted.add(bob);
        trusted.remove(alice);

        assertEquals(Set.of(bob), trusted.peers());
    }
}
