/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.softclose.net.spi.Link;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What handlers are told and what happens when they throw, part of {@link TransportContract}. */
public interface LinkHandlerContract {
    /** From first to last, each where it belongs. */
    @Test
    default void theEventsOfALinkComeInOrder(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();

        pair.accepted().send(new byte[] {1});
        pair.dialled().awaitReceived(1);
        pair.accepted().run(Link::shutdownOutput);
        pair.dialled().await(Event.INPUT_CLOSED);
        pair.dialled().run(Link::close);
        pair.dialled().awaitClosed();

        assertEquals(
                List.of(Event.CONNECTED, Event.READ, Event.INPUT_CLOSED, Event.CLOSED),
                pair.dialled().events().stream()
                        .filter(event -> event != Event.WRITABLE)
                        .toList());
    }

    /** The link is lost, with the exception as its cause. */
    @Test
    default void aHandlerThatThrowsInOnConnectedLosesItsLinkOnly(TransportFixture fixture) throws IOException {
        throwsIn(Event.CONNECTED, fixture);
    }

    /** What it did not take is not offered again. */
    @Test
    default void aHandlerThatThrowsInOnReadLosesItsLinkOnly(TransportFixture fixture) throws IOException {
        throwsIn(Event.READ, fixture);
    }

    /** What it wanted to write is lost. */
    @Test
    default void aHandlerThatThrowsInOnWritableLosesItsLinkOnly(TransportFixture fixture) throws IOException {
        throwsIn(Event.WRITABLE, fixture);
    }

    /** The peer's end was told all the same. */
    @Test
    default void aHandlerThatThrowsInOnInputClosedLosesItsLinkOnly(TransportFixture fixture) throws IOException {
        throwsIn(Event.INPUT_CLOSED, fixture);
    }

    private static void throwsIn(Event event, TransportFixture fixture) throws IOException {
        // A transport has a bounded number of loops, so some of these share one with the link that fails.
        List<LinkPair> others = List.of(fixture.connect(), fixture.connect(), fixture.connect());
        IllegalStateException onPurpose = new IllegalStateException("on purpose, in " + event);
        LinkProbe throwing = new LinkProbe().on(event, link -> {
            throw onPurpose;
        });
        LinkPair pair = event == Event.CONNECTED
                ? fixture.connectBriefly(throwing, new LinkProbe())
                : fixture.connect(throwing, new LinkProbe());

        pair.provoke(event);

        assertSame(onPurpose, throwing.awaitClosed());
        assertEquals(1, throwing.count(event));
        if (fixture.resets()) {
            assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        } else {
            pair.accepted().await(Event.INPUT_CLOSED);
        }
        others.forEach(LinkPair::assertAlive);
    }

    /** There is nobody left to tell but the log. */
    @Test
    default void aHandlerThatThrowsInOnClosedHarmsNothing(TransportFixture fixture) throws IOException {
        LinkPair other = fixture.connect();
        LinkProbe throwing = new LinkProbe().on(Event.CLOSED, link -> {
            throw new IllegalStateException("on purpose");
        });
        LinkPair pair = fixture.connect(throwing, new LinkProbe());

        pair.provoke(Event.CLOSED);

        throwing.awaitClosed();
        other.assertAlive();
        fixture.connect().assertAlive();
    }
}
