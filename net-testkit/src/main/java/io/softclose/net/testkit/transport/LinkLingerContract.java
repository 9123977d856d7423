/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Leaving a peer that needs more time, see {@link Link#linger}; part of {@link TransportContract}. */
public interface LinkLingerContract {
    /** The handler does not wait for the peer. */
    @Test
    default void aLingeringLinkIsClosedToItsHandlerAtOnce(TransportFixture fixture) throws IOException {
        LinkProbe talking = new LinkProbe();
        LinkPair pair = fixture.connect(new LinkProbe(), talking);
        pair.assertAlive();

        int had = pair.dialled().call(link -> {
            link.linger();
            return pair.dialled().receivedBytes();
        });
        assertNull(pair.dialled().awaitClosed());
        talking.send(new byte[1000]);
        pair.turnLoops();

        assertEquals(had, pair.dialled().receivedBytes());
        assertEquals(1, pair.dialled().count(Event.CLOSED));
    }

    /** It may have what was written to the last byte, and is told that this was all. */
    @Test
    default void aQuietPeerGetsEverythingAndThenOurEnd(TransportFixture fixture) throws IOException {
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(new LinkProbe(), paused);
        byte[] chunk = Payloads.random(100_000, 1);

        Filled filled = Filled.andLeft(pair.dialled(), chunk);
        paused.run(link -> link.reading(Reading.RESUMED));

        paused.await(Event.INPUT_CLOSED);
        filled.assertReceived(paused);
    }

    /** A reset would destroy what it has not read: it comes when the peer has said that it is through. */
    @Test
    default void aPeerThatHadMoreToSayGetsEverythingAndThenAReset(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe pausedToo = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(pausedToo, paused);
        byte[] chunk = Payloads.random(100_000, 2);

        paused.send(new byte[1000]);
        Filled filled = Filled.andLeft(pair.dialled(), chunk);
        paused.run(link -> link.reading(Reading.RESUMED));
        paused.awaitReceived(filled.flushed());
        paused.endOutput();

        assertInstanceOf(IOException.class, paused.awaitClosed());
        assertEquals(0, paused.count(Event.INPUT_CLOSED), "our end, though not all was handled");
        filled.assertReceived(paused);
    }

    /** What comes is discarded, so that the peer can go on, and at last it learns that nobody is there. */
    @Test
    default void aPeerThatTalksOnIsResetWhenTheTimeIsOver(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe lingering = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair =
                fixture.connectTo(fixture.anotherThatLingers(Duration.ofMillis(300)), new LinkProbe(), lingering);

        pair.dialled().fill(new byte[100_000]);
        lingering.run(Link::linger);
        while (pair.dialled().count(Event.CLOSED) == 0) {
            pair.dialled().fill(new byte[1000]);
        }

        assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
        assertEquals(0, pair.dialled().count(Event.INPUT_CLOSED), "our end, though not all was handled");
        assertEquals(0, lingering.receivedBytes());
    }

    /** It is alive, and may be reading what it has not got yet: only one that is silent is soon given up. */
    @Test
    default void aPeerThatGoesOnTalkingIsLeftMoreTimeThanASilentOne(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        Duration silence = Duration.ofMillis(500);
        LinkProbe talking = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkProbe lingering = new LinkProbe();
        fixture.connectTo(fixture.anotherThatLingers(silence, Duration.ofHours(1)), talking, lingering);
        byte[] chunk = Payloads.random(100_000, 3);

        Filled filled = Filled.andLeft(lingering, chunk);
        talkFor(talking, silence.multipliedBy(2), silence.dividedBy(2));
        talking.run(link -> link.reading(Reading.RESUMED));
        talking.awaitReceived(filled.flushed());
        talking.endOutput();

        assertInstanceOf(IOException.class, talking.awaitClosed());
        filled.assertReceived(talking);
    }

    /** Has a peer say something every few milliseconds; gives up if it comes to more than this much silence. */
    private static void talkFor(LinkProbe talking, Duration time, Duration longestSilence) {
        long start = System.nanoTime();
        long spoken = start;
        while (System.nanoTime() - start < time.toNanos()) {
            talking.send(new byte[1]);
            CountDownLatch next = new CountDownLatch(1);
            talking.run(link -> link.loop().schedule(TimeUnit.MILLISECONDS.toNanos(10), next::countDown));
            Waiting.await(next, "a timer");
            long now = System.nanoTime();
            assumeTrue(now - spoken < longestSilence.toNanos(), "the machine is too busy for a peer that talks");
            spoken = now;
        }
    }

    /** Nor was all handled if nothing came, and it is paused: its handler may not be done with what came before. */
    @Test
    default void aPausedLinkThatLingersSendsNoEnd(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe lingering = new LinkProbe();
        LinkPair pair =
                fixture.connectTo(fixture.anotherThatLingers(Duration.ofMillis(300)), new LinkProbe(), lingering);

        lingering.run(link -> {
            link.reading(Reading.PAUSED);
            link.linger();
        });

        assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
        assertEquals(0, pair.dialled().count(Event.INPUT_CLOSED), "our end, though not all was handled");
    }

    /** It has our end; nobody waits for its own for ever. */
    @Test
    default void aPeerThatNeverEndsIsLeftWhenTheTimeIsOver(TransportFixture fixture) throws IOException {
        LinkProbe lingering = new LinkProbe();
        LinkPair pair =
                fixture.connectTo(fixture.anotherThatLingers(Duration.ofMillis(300)), new LinkProbe(), lingering);

        lingering.run(Link::linger);
        pair.dialled().await(Event.INPUT_CLOSED);
        while (pair.dialled().count(Event.CLOSED) == 0) {
            pair.dialled().fill(new byte[1000]);
        }

        assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
    }

    /** Nothing more can come. */
    @Test
    default void lingeringAfterThePeersEndIsClosing(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.accepted().send(new byte[1000]);
        pair.accepted().endOutput();
        pair.dialled().await(Event.INPUT_CLOSED);

        pair.dialled().run(Link::linger);

        assertNull(pair.dialled().awaitClosed());
        pair.accepted().await(Event.INPUT_CLOSED);
    }

    /** A peer that has only ended its direction reads on, and a reset would destroy what it has not got. */
    @Test
    default void aPeerThatHasEndedHasTimeToReadBeforeItIsReset(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        Duration silence = Duration.ofSeconds(2);
        LinkProbe lingering = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkProbe reading = new LinkProbe();
        fixture.connectTo(fixture.anotherThatLingers(silence, Duration.ofHours(1)), reading, lingering);
        byte[] chunk = Payloads.random(100_000, 4);
        reading.endOutput();
        reading.awaitEndOut();
        reading.run(link -> link.reading(Reading.PAUSED));

        Filled filled = Filled.andLeft(lingering, chunk);
        reading.run(link -> link.reading(Reading.RESUMED));

        reading.awaitReceived(filled.flushed());
        assertInstanceOf(IOException.class, reading.awaitClosed());
        assertEquals(0, reading.count(Event.INPUT_CLOSED));
    }

    /** It never went out, and must not now. */
    @Test
    default void anEndThatWasHeldBackDoesNotGoOutWhileLingering(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        lingersWithItsEndHeldBack(fixture, peer -> peer.fill(new byte[64 * 1024]));
    }

    /** As little as that may be with the link already, where no operating system tells of it. */
    @Test
    default void oneByteHoldsAnEndBackWhileLingering(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        lingersWithItsEndHeldBack(fixture, peer -> peer.send(new byte[1]));
    }

    private static void lingersWithItsEndHeldBack(TransportFixture fixture, Consumer<LinkProbe> talk)
            throws IOException {
        LinkProbe lingering = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        LinkPair pair =
                fixture.connectTo(fixture.anotherThatLingers(Duration.ofMillis(300)), new LinkProbe(), lingering);
        talk.accept(pair.dialled());

        boolean out = lingering.call(link -> {
            boolean ended = link.shutdownOutput();
            link.linger();
            return ended;
        });
        assumeFalse(out, "the operating system had nothing yet");

        assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
        assertEquals(0, pair.dialled().count(Event.INPUT_CLOSED), "our end, though not all was handled");
    }

    /** Our hurry does not destroy what the peer has not read yet, unless the peer takes too long. */
    @Test
    default void closingTheTransportLeavesALingeringLinkALittleTime(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkProbe lingering = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        Transport closing = fixture.anotherThatLingers(Duration.ofHours(1));
        LinkProbe paused = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        fixture.connectTo(closing, paused, lingering);
        LinkProbe living =
                fixture.connectTo(closing, new LinkProbe(), new LinkProbe()).accepted();
        paused.send(new byte[1000]);
        Filled filled = Filled.andLeft(lingering, Payloads.random(100_000, 3));

        CompletableFuture<Void> closed = CompletableFuture.runAsync(closing::close);
        living.awaitClosed();
        paused.run(link -> link.reading(Reading.RESUMED));

        assertInstanceOf(IOException.class, paused.awaitClosed());
        filled.assertReceived(paused);
        Waiting.await(closed, "closing the transport");
    }

    /** Its own time could be longer than anybody who closes has. */
    @Test
    default void closingTheTransportDoesNotWaitLongForALingeringLink(TransportFixture fixture) throws IOException {
        LinkProbe lingering = new LinkProbe().on(Event.CONNECTED, link -> link.reading(Reading.PAUSED));
        Transport closing = fixture.anotherThatLingers(Duration.ofHours(1));
        LinkPair pair = fixture.connectTo(closing, new LinkProbe(), lingering);
        pair.dialled().fill(new byte[64 * 1024]);
        lingering.run(Link::linger);
        lingering.awaitClosed();

        Waiting.await(CompletableFuture.runAsync(closing::close), "closing the transport");

        if (fixture.resets()) {
            assertInstanceOf(IOException.class, pair.dialled().awaitClosed());
        }
    }

    /** What a link took before it was left. */
    final class Filled {
        private final byte[] chunk;
        private final long taken;
        private final long flushed;

        private Filled(byte[] chunk, long taken, long flushed) {
            this.chunk = chunk;
            this.taken = taken;
            this.flushed = flushed;
        }

        /** Writes this chunk as often as the link takes it, and has the link linger. */
        static Filled andLeft(LinkProbe leaving, byte[] chunk) {
            long taken = leaving.fill(chunk);
            long flushed = leaving.call(link -> {
                link.linger();
                return link.flushedBytes();
            });
            assertNull(leaving.awaitClosed());
            return new Filled(chunk, taken, flushed);
        }

        /** How many of the bytes the operating system had. */
        int flushed() {
            return (int) flushed;
        }

        /** Whatever was flushed has arrived, and nothing that was not written. */
        void assertReceived(LinkProbe peer) {
            int received = peer.receivedBytes();
            assertTrue(
                    flushed <= received && received <= taken,
                    () -> received + " bytes received of " + taken + " taken, " + flushed + " of them flushed");
            Payloads.assertRepeats(chunk, peer.received());
        }
    }
}
