/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection.Direction;
import io.softclose.net.Limits;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.engine.connection.PeerConnection;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.engine.stream.InputBudget;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RosterTest {
    private final HandLoop loop = new HandLoop();
    private final AtomicInteger left = new AtomicInteger();
    private final InboundDoor door =
            new InboundDoor(Limits.builder().maxInboundConnections(1).build());
    private final Roster roster = new Roster(new InputBudget(1 << 20), door, left::incrementAndGet);

    @Test
    void theConnectionsOfALoopShareItsBatchesUntilTheLastOneHasLeft() {
        BatchPool batches = roster.share(loop);
        assertSame(batches, roster.share(loop));
        PeerConnection one = connection(1, Direction.OUTBOUND, batches);
        PeerConnection other = connection(2, Direction.OUTBOUND, batches);
        assertTrue(roster.enter(one));
        assertTrue(roster.enter(other));

        roster.told(one, null);
        assertEquals(1, roster.loops());
        roster.forget(other);

        assertEquals(0, roster.loops(), "kept for a loop without connections");
        assertNotSame(batches, roster.share(loop));
        roster.release(loop);
        assertEquals(0, roster.loops());
    }

    @Test
    void whoeverLeavesTwiceLeavesOnce() {
        PeerConnection one = connection(1, Direction.INBOUND, roster.share(loop));
        door.enter(requireNonNull(arrival(), "place"), one);
        assertTrue(roster.enter(one));
        assertTrue(roster.opens(one));
        assertNull(arrival(), "one place is taken");

        roster.told(one, null);
        roster.told(one, null);

        PeerConnection next = connection(2, Direction.INBOUND, roster.share(loop));
        PeerConnection another = connection(3, Direction.INBOUND, roster.share(loop));
        door.enter(requireNonNull(arrival(), "place"), next);
        door.enter(requireNonNull(arrival(), "place"), another);
        assertTrue(roster.opens(next));
        assertFalse(roster.opens(another), "one place was given back twice");
        roster.release(loop);
        roster.release(loop);
        assertEquals(2, left.get());
        assertEquals(0, roster.loops());
    }

    @Test
    void nobodyEntersAShutRoster() {
        PeerConnection early = connection(1, Direction.OUTBOUND, roster.share(loop));
        PeerConnection late = connection(2, Direction.OUTBOUND, roster.share(loop));
        assertTrue(roster.enter(early));

        roster.shut();

        assertFalse(roster.enter(late));
        assertEquals(List.of(early), roster.connections());
        assertFalse(roster.isDeserted());
        roster.told(early, null);
        assertTrue(roster.isDeserted());
    }

    private InboundDoor.@Nullable Place arrival() {
        return door.arrive(new InetSocketAddress(0), loop) instanceof InboundDoor.Place place ? place : null;
    }

    private PeerConnection connection(long id, Direction direction, BatchPool batches) {
        return new PeerConnection(
                id,
                direction,
                Optional.empty(),
                new HandLink(loop),
                HandNetwork.settings(new HandTransport(loop)),
                batches,
                roster);
    }
}
