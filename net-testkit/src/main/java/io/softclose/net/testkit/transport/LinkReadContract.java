/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Reading and the peer's end, part of {@link TransportContract}. */
public interface LinkReadContract {
    /** What arrives stays with the operating system, which slows the peer down. */
    @Test
    default void aPausedLinkReadsNothingUntilItIsResumed(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] chunk = Payloads.random(64 * 1024, 1);
        pair.dialled().run(link -> link.reading(Reading.PAUSED));

        // The peer finds the link full, so the bytes have come as far as they may.
        int taken = (int) pair.accepted().fill(chunk);
        pair.dialled().awaitTasks();

        assertEquals(0, pair.dialled().receivedBytes());
        pair.dialled().run(link -> link.reading(Reading.RESUMED));
        Payloads.assertRepeats(chunk, pair.dialled().awaitReceived(taken).received());
    }

    /** The rest of what has arrived waits too. */
    @Test
    default void pausingWithinOnReadHoldsBackTheNext(TransportFixture fixture) throws IOException {
        LinkProbe sipping = new LinkProbe().on(Event.READ, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(sipping, new LinkProbe());
        byte[] bytes = Payloads.random(8 << 20, 2);

        pair.accepted().send(bytes);
        for (int sips = 1; sipping.receivedBytes() < bytes.length; sips++) {
            sipping.awaitReceived(1);
            sipping.awaitTasks();
            assertEquals(sips, sipping.count(Event.READ));
            int had = sipping.receivedBytes();
            if (had < bytes.length) {
                sipping.run(link -> link.reading(Reading.RESUMED));
                sipping.awaitReceived(had + 1);
            }
        }

        Payloads.assertSame(bytes, sipping.received());
    }

    /** Also one that comes from elsewhere than the link's own callbacks, in the middle of a flood, and every time. */
    @Test
    default void noPauseLetsAReadThrough(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connectAcross(new LinkProbe(), new LinkProbe());
        byte[] bytes = Payloads.random(16 << 20, 6);
        LinkProbe pausing = pair.dialled();

        pair.accepted().send(bytes);
        while (pausing.receivedBytes() < bytes.length) {
            int had = pausing.call(link -> {
                link.reading(Reading.PAUSED);
                return pausing.count(Event.READ);
            });
            pair.turnLoops();
            assertEquals(had, pausing.count(Event.READ), "reads after the pause");
            int bytesThen = pausing.receivedBytes();
            pausing.run(link -> link.reading(Reading.RESUMED));
            if (bytesThen < bytes.length) {
                pausing.awaitReceived(bytesThen + 1);
            }
        }

        Payloads.assertSame(bytes, pausing.received());
    }

    /** One task changes its mind many times; only the last word counts. */
    @Test
    default void theLastOfManyPausesCounts(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connectAcross(new LinkProbe(), new LinkProbe());
        byte[] bytes = Payloads.random(4 << 20, 7);
        pair.accepted().send(bytes);

        int had = pair.dialled().call(link -> {
            for (int i = 0; i < 1000; i++) {
                link.reading(Reading.RESUMED);
                link.reading(Reading.PAUSED);
            }
            return pair.dialled().count(Event.READ);
        });
        pair.turnLoops();
        assertEquals(had, pair.dialled().count(Event.READ));
        pair.dialled().run(link -> {
            for (int i = 0; i < 1000; i++) {
                link.reading(Reading.PAUSED);
                link.reading(Reading.RESUMED);
            }
        });

        Payloads.assertSame(bytes, pair.dialled().awaitReceived(bytes.length).received());
    }

    /** What the operating system had of it is the peer's last word, and is handed on before the reset is told. */
    @Test
    default void aResetWhilePausedLosesNothingThatHadArrived(TransportFixture fixture) throws IOException {
        LinkPair pair = resetWhilePaused(fixture);

        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        assertHadWhatArrived(pair, fixture);
    }

    /** Nor does a write that is the first to learn of it. */
    @Test
    default void aResetThatAWriteFindsWhilePausedLosesNothingThatHadArrived(TransportFixture fixture)
            throws IOException {
        LinkPair pair = resetWhilePaused(fixture);

        while (pair.dialled().fill(new byte[1000]) > 0) {
            pair.turnLoops();
        }
        pair.turnLoops();
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        assertHadWhatArrived(pair, fixture);
    }

    private static LinkPair resetWhilePaused(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(paused, new LinkProbe());
        pair.accepted().fill(Payloads.random(64 * 1024, 8));
        pair.accepted().run(Link::abort);
        pair.accepted().awaitClosed();
        return pair;
    }

    private static void assertHadWhatArrived(LinkPair pair, TransportFixture fixture) {
        if (fixture.resets()) {
            assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
            assertEquals(0, pair.dialled().count(Event.INPUT_CLOSED), "a reset taken for the peer's end");
        } else {
            pair.dialled().awaitReceived(1);
        }
        assertTrue(pair.dialled().receivedBytes() > 0, "what had arrived was thrown away");
        Payloads.assertRepeats(Payloads.random(64 * 1024, 8), pair.dialled().received());
    }

    /** Pausing again, or resuming what reads, changes nothing. */
    @Test
    default void readingMayBeSetToWhatItIs(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();

        pair.dialled().run(link -> {
            link.reading(Reading.RESUMED);
            link.reading(Reading.PAUSED);
            link.reading(Reading.PAUSED);
            link.reading(Reading.RESUMED);
        });

        pair.assertAlive();
    }

    /** The end is told after every byte, and once. */
    @Test
    default void thePeersEndComesAfterItsLastByte(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] bytes = Payloads.random(5 << 20, 3);

        pair.accepted().send(bytes);
        pair.dialled().awaitReceived(bytes.length);
        pair.accepted().send(new byte[] {7});
        pair.accepted().run(Link::shutdownOutput);

        pair.dialled().await(Event.INPUT_CLOSED);
        assertEquals(bytes.length + 1, pair.dialled().receivedBytes());
        pair.dialled().awaitTasks();
        assertEquals(1, pair.dialled().count(Event.INPUT_CLOSED));
    }

    /** Also when the link was full at the time. */
    @Test
    default void ourEndFollowsEverythingThatWasTaken(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);
        byte[] chunk = Payloads.random(100_000, 4);

        int taken = (int) pair.dialled().fill(chunk);
        pair.dialled().run(Link::shutdownOutput);
        pair.accepted().run(link -> link.reading(Reading.RESUMED));

        pair.accepted().await(Event.INPUT_CLOSED);
        assertEquals(taken, pair.accepted().receivedBytes());
        Payloads.assertRepeats(chunk, pair.accepted().received());
    }

    /** Ending one direction leaves the other as it was, for as much as there is. */
    @Test
    default void aHalfClosedLinkGoesOnInTheOtherDirection(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] back = Payloads.random(5 << 20, 5);

        pair.dialled().run(Link::shutdownOutput);
        pair.dialled().run(Link::shutdownOutput);
        pair.accepted().await(Event.INPUT_CLOSED);
        pair.accepted().send(back);
        Payloads.assertSame(back, pair.dialled().awaitReceived(back.length).received());
        pair.accepted().run(Link::shutdownOutput);
        pair.dialled().await(Event.INPUT_CLOSED);

        // Both directions have ended, but a link is closed by whoever owns it.
        pair.dialled().awaitTasks();
        pair.accepted().awaitTasks();
        assertFalse(pair.dialled().events().contains(Event.CLOSED));
        assertFalse(pair.accepted().events().contains(Event.CLOSED));
    }

    /** A reader may be given its end and nothing else. */
    @Test
    default void aPausedLinkIsToldOfThePeersEndOnceItReads(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.dialled().run(link -> link.reading(Reading.PAUSED));

        pair.accepted().send(new byte[] {1, 2, 3});
        pair.accepted().run(Link::shutdownOutput);
        pair.dialled().awaitTasks();
        assertEquals(0, pair.dialled().receivedBytes());
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        pair.dialled().await(Event.INPUT_CLOSED);
        assertEquals(3, pair.dialled().receivedBytes());
        assertTrue(pair.dialled().count(Event.READ) >= 1);
    }
}
