/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * What a pause says beside that nothing is to be read: that whoever paused may not be done with what it was given. Our end
 * would tell the peer that it is. Part of {@link TransportContract}.
 */
public interface LinkPauseContract {
    @Test
    default void ourEndDoesNotGoOutWhilePausedThoughNothingIsLeftToRead(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.accepted().send(new byte[1000]);
        pair.dialled().awaitReceived(1000);
        pair.dialled().run(link -> link.reading(Reading.PAUSED));

        assertFalse(pair.dialled().call(Link::shutdownOutput), "our end is out");
        pair.turnLoops();
        assertFalse(pair.dialled().call(Link::shutdownOutput), "our end is out");
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        pair.dialled().awaitEndOut();
        pair.accepted().await(Event.INPUT_CLOSED);
    }

    /** The end was asked for, and then a part of what came kept the handler busy. */
    @Test
    default void aPauseAfterOurEndWasAskedForHoldsItBack(TransportFixture fixture) throws IOException {
        LinkProbe ending = new LinkProbe().on(Event.READ, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(ending, new LinkProbe());
        ending.run(link -> link.reading(Reading.PAUSED));
        pair.accepted().send(new byte[1000]);
        pair.accepted().awaitFlushed();

        assertFalse(ending.call(Link::shutdownOutput), "our end is out");
        ending.run(link -> link.reading(Reading.RESUMED));
        ending.awaitReceived(1);
        pair.turnLoops();
        if (ending.receivedBytes() == 1000) {
            assertFalse(ending.call(Link::shutdownOutput), "our end is out although its handler has paused");
        }
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
        while (!ending.call(Link::shutdownOutput)) {
            ending.run(link -> link.reading(Reading.RESUMED));
            ending.awaitTasks();
        }

        pair.accepted().await(Event.INPUT_CLOSED);
        assertEquals(1000, ending.receivedBytes());
    }

    /** A transport that hears of the end by itself may be tempted to read up to it. */
    @Test
    default void aPausedLinkHandsOnNothingThoughThePeerHasEnded(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(paused, new LinkProbe());
        byte[] bytes = Payloads.random(32 * 1024, 9);
        pair.accepted().send(bytes);
        pair.accepted().endOutput();

        pair.turnLoops();
        assertEquals(0, paused.count(Event.READ), "read though it is paused");
        assertEquals(0, paused.count(Event.INPUT_CLOSED), "an end before what came before it");
        paused.run(link -> link.reading(Reading.RESUMED));

        paused.await(Event.INPUT_CLOSED);
        Payloads.assertSame(bytes, paused.received());
    }

    @Test
    default void aPausedLinkThatLingersSendsNoEndThoughNothingIsLeftToRead(TransportFixture fixture)
            throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkPair pair = fixture.connect();
        pair.accepted().send(new byte[1000]);
        pair.dialled().awaitReceived(1000);

        pair.dialled().run(link -> {
            link.reading(Reading.PAUSED);
            link.linger();
        });
        assertNull(pair.dialled().awaitClosed());
        pair.accepted().run(Link::shutdownOutput);

        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }
}
