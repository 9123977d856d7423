/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Closing and aborting links, part of {@link TransportContract}. */
public interface LinkCloseContract {
    /** Closing does not take back what the operating system has; of what it has not, the peer may get a part. */
    @Test
    default void closingDeliversWhatWasWritten(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);
        byte[] chunk = Payloads.random(100_000, 1);

        long taken = pair.dialled().fill(chunk);
        long flushed = pair.dialled().call(link -> {
            link.close();
            return link.flushedBytes();
        });
        assertNull(pair.dialled().awaitClosed());
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        pair.accepted().await(Event.INPUT_CLOSED);
        int received = pair.accepted().receivedBytes();
        assertTrue(
                flushed <= received && received <= taken,
                () -> received + " bytes received of " + taken + " taken, " + flushed + " of them flushed");
        Payloads.assertRepeats(chunk, pair.accepted().received());
    }

    /**
     * A rule of the kernel (RFC 2525, section 2.17), and the reason why a graceful close reads on until the peer's end:
     * whoever closes with input unread resets the connection, and what the peer has not got by then is destroyed.
     */
    @Test
    default void closingWithUnreadInputDestroysWhatWasWritten(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe pausedToo = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(pausedToo, paused);

        long taken = pair.dialled().fill(new byte[100_000]);
        pair.accepted().send(new byte[1000]);
        pair.dialled().run(Link::close);
        assertNull(pair.dialled().awaitClosed());
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertTrue(pair.accepted().receivedBytes() < taken);
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }

    /** An abort must not look like a peer that had nothing more to say. */
    @Test
    default void thePeerSeesAnAbortAsAReset(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.assertAlive();

        pair.dialled().run(Link::abort);

        assertNull(pair.dialled().awaitClosed());
        if (fixture.resets()) {
            assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
            assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
        } else {
            pair.accepted().await(Event.INPUT_CLOSED);
        }
    }

    /** What the peer has not read is lost: it may not believe that it had everything. */
    @Test
    default void anAbortLosesWhatThePeerHasNotRead(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);

        long taken = pair.dialled().fill(new byte[100_000]);
        pair.dialled().run(Link::abort);
        pair.dialled().awaitClosed();
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertTrue(pair.accepted().receivedBytes() < taken);
    }

    /** The first call decides; the others find a link that is closing or closed. */
    @Test
    default void aLinkMayBeClosedAnyNumberOfTimes(TransportFixture fixture) throws IOException {
        LinkProbe closed = fixture.connect().dialled();
        LinkProbe left = fixture.connect().dialled();
        LinkProbe aborted = fixture.connect().dialled();

        closed.run(link -> {
            link.close();
            link.close();
            link.linger();
            link.abort();
        });
        left.run(link -> {
            link.linger();
            link.linger();
            link.close();
            link.abort();
        });
        aborted.run(link -> {
            link.abort();
            link.abort();
            link.linger();
            link.close();
        });
        for (LinkProbe probe : List.of(closed, left, aborted)) {
            assertNull(probe.awaitClosed());
            probe.run(link -> {
                link.close();
                link.linger();
                link.abort();
                link.reading(Reading.PAUSED);
                link.reading(Reading.RESUMED);
            });
            probe.awaitTasks();
            assertEquals(List.of(Event.CONNECTED, Event.CLOSED), probe.events());
        }
    }

    /** Ordinary: each has said what it had to say. */
    @Test
    default void bothEndsMayCloseAtOnce(TransportFixture fixture) throws IOException {
        for (int i = 0; i < 50; i++) {
            LinkPair pair = fixture.connect();
            pair.dialled().link().loop().execute(pair.dialled().link()::close);
            pair.accepted().link().loop().execute(pair.accepted().link()::close);

            pair.dialled().awaitClosed();
            pair.accepted().awaitClosed();
        }
    }

    /** The peer hears our end as its input's; its own link is its own to close. */
    @Test
    default void aPlainCloseIsThePeersEndOfInput(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();

        pair.dialled().run(Link::close);

        pair.accepted().await(Event.INPUT_CLOSED);
        pair.accepted().awaitTasks();
        assertFalse(pair.accepted().events().contains(Event.CLOSED));
    }

    /** Before the handler has done anything else. */
    @Test
    default void aLinkMayBeClosedInOnConnected(TransportFixture fixture) throws IOException {
        closesIn(Event.CONNECTED, Link::close, fixture);
        closesIn(Event.CONNECTED, Link::linger, fixture);
        closesIn(Event.CONNECTED, Link::abort, fixture);
    }

    /** No later bytes are handed over, however many have arrived. */
    @Test
    default void aLinkMayBeClosedInOnRead(TransportFixture fixture) throws IOException {
        closesIn(Event.READ, Link::close, fixture);
        closesIn(Event.READ, Link::linger, fixture);
        closesIn(Event.READ, Link::abort, fixture);
    }

    /** What the callback would have written is not asked for again. */
    @Test
    default void aLinkMayBeClosedInOnWritable(TransportFixture fixture) throws IOException {
        closesIn(Event.WRITABLE, Link::close, fixture);
        closesIn(Event.WRITABLE, Link::linger, fixture);
        closesIn(Event.WRITABLE, Link::abort, fixture);
    }

    /** The usual answer to the peer's end. */
    @Test
    default void aLinkMayBeClosedInOnInputClosed(TransportFixture fixture) throws IOException {
        closesIn(Event.INPUT_CLOSED, Link::close, fixture);
        closesIn(Event.INPUT_CLOSED, Link::linger, fixture);
        closesIn(Event.INPUT_CLOSED, Link::abort, fixture);
    }

    /** There is nothing left to close. */
    @Test
    default void aLinkMayBeClosedInOnClosed(TransportFixture fixture) throws IOException {
        closesIn(Event.CLOSED, Link::close, fixture);
        closesIn(Event.CLOSED, Link::linger, fixture);
        closesIn(Event.CLOSED, Link::abort, fixture);
    }

    private static void closesIn(Event event, Consumer<Link> end, TransportFixture fixture) throws IOException {
        LinkProbe closing = new LinkProbe().on(event, end);
        LinkPair pair = event == Event.CONNECTED
                ? fixture.connectBriefly(closing, new LinkProbe())
                : fixture.connect(closing, new LinkProbe());

        pair.provoke(event);

        assertNull(closing.awaitClosed());
        closing.awaitTasks();
        assertEquals(1, closing.count(event), event + " again after the link was closed in it");
        assertEquals(1, closing.count(Event.CLOSED));
    }
}
