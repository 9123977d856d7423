/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.NetworkEvents;
import io.softclose.net.PeerId;
import java.lang.reflect.Method;
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
    void whoIsTrustedChangesAtRunTime() {
        PeerId alice = PeerId.random();
        PeerId bob = PeerId.random();
        TrustedPeers trusted = TrustedPeers.of(alice);

        trusted.add(bob);
        trusted.remove(alice);

        assertEquals(Set.of(bob), trusted.peers());
    }
}
