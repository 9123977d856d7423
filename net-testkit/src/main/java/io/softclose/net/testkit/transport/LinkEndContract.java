/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.fixture.LinkPair;
import io.softclose.net.testkit.transport.fixture.LinkProbe;
import io.softclose.net.testkit.transport.fixture.LinkProbe.Event;
import io.softclose.net.testkit.transport.fixture.TransportFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What our end tells the peer: that everything it sent before was handed to our handler. Part of {@link
 * TransportContract}.
 */
public interface LinkEndContract {
    /** A layer asks before its own end goes out, which the link below knows nothing of. */
    @Test
    default void aLinkTellsWhetherAllThatArrivedWasHandedOn(TransportFixture fixture) throws IOException {
        LinkProbe asking = new LinkProbe();
        LinkProbe peer = new LinkProbe();
        AtomicBoolean asked = new AtomicBoolean();
        CompletableFuture<Integer> hadAtTheAnswer = new CompletableFuture<>();
        asking.on(Event.WRITABLE, link -> {
            if (asked.get() && link.allHandedOn()) {
                hadAtTheAnswer.complete(asking.receivedBytes());
            }
        });
        LinkPair pair = fixture.connectAcross(asking, peer);

        boolean handedOn = pair.onceHasArrived(
                sender -> {
                    sender.send(new byte[1000]);
                    sender.awaitFlushed();
                },
                link -> {
                    asked.set(true);
                    return link.allHandedOn();
                });

        assertFalse(handedOn, "nothing waits, says the link, though input has arrived");
        assertEquals(1000, Waiting.await(hadAtTheAnswer, "the answer"), "handed on before the link said that all was");
        assertEquals(List.of(), asking.violations());
    }

    /** Whoever pauses may not be done with what it was given. */
    @Test
    default void aPausedLinkDoesNotSayThatAllWasHandedOn(TransportFixture fixture) throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        LinkProbe asking = new LinkProbe().on(Event.WRITABLE, link -> {
            if (asked.get() && link.allHandedOn()) {
                answered.complete(true);
            }
        });
        LinkPair pair = fixture.connect(asking, new LinkProbe());
        pair.assertAlive();

        asking.run(link -> link.reading(Reading.PAUSED));
        asked.set(true);
        assertFalse(asking.call(Link::allHandedOn), "a paused link says that nothing waits");
        pair.turnLoops();
        assertFalse(answered.isDone(), "a paused link says later that nothing waits");
        asking.run(link -> link.reading(Reading.RESUMED));

        assertTrue(Waiting.await(answered, "the answer"));
    }

    /** Nothing is in its way. */
    @Test
    default void ourEndGoesOutIfNothingHasArrived(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.assertAlive();

        pair.dialled().endOutput();

        pair.accepted().await(Event.INPUT_CLOSED);
        assertTrue(pair.dialled().call(Link::shutdownOutput), "asked again, our end is out");
    }

    /** Whoever does not read has not handled what arrived, and must not seem to. */
    @Test
    default void aPausedLinkHoldsItsEndBackWhileInputHasArrived(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        byte[] chunk = Payloads.random(64 * 1024, 1);
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        // The peer finds the link full, so the bytes have come as far as they may.
        int taken = (int) pair.accepted().fill(chunk);

        assertFalse(pair.dialled().call(Link::shutdownOutput), "our end is out before input that has arrived");
        pair.turnLoops();
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
        assertEquals(0, pair.dialled().receivedBytes());
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        pair.dialled().awaitEndOut();
        assertTrue(pair.dialled().receivedBytes() > 0, "our end went out before anything was handed on");
        Payloads.assertRepeats(chunk, pair.dialled().awaitReceived(taken).received());
        pair.accepted().await(Event.INPUT_CLOSED);
    }

    /** It may not be done with what it had before. */
    @Test
    default void aPausedLinkSendsNoEndThoughNothingHasArrived(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.assertAlive();
        pair.dialled().run(link -> link.reading(Reading.PAUSED));

        assertFalse(pair.dialled().call(Link::shutdownOutput), "our end is out though the link is paused");
        pair.turnLoops();
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        pair.dialled().awaitEndOut();
        pair.accepted().await(Event.INPUT_CLOSED);
    }

    /** A link that reads has input that it was not given yet, too. */
    @Test
    default void aReadingLinkHandsOnWhatHasArrivedBeforeItsEnd(TransportFixture fixture) throws IOException {
        LinkProbe ending = new LinkProbe();
        CompletableFuture<Integer> hadAtTheEnd = new CompletableFuture<>();
        LinkProbe peer = new LinkProbe().on(Event.INPUT_CLOSED, link -> hadAtTheEnd.complete(ending.receivedBytes()));
        LinkPair pair = fixture.connectAcross(ending, peer);
        byte[] chunk = Payloads.random(64 * 1024, 2);

        boolean out = pair.onceInputHasArrived(chunk, Link::shutdownOutput);

        assertFalse(out, "our end is out before input that has arrived");
        ending.awaitEndOut();
        assertTrue(Waiting.await(hadAtTheEnd, "our end") > 0, "our end arrived before anything was handed on");
        Payloads.assertRepeats(
                chunk, ending.awaitReceived((int) peer.takenBytes()).received());
        assertEquals(List.of(), ending.violations());
    }

    /** Whoever learns of it only after ours went out takes it for the answer to ours. */
    @Test
    default void thePeersEndThatHasArrivedIsToldBeforeOursGoesOut(TransportFixture fixture) throws IOException {
        LinkProbe ending = new LinkProbe();
        CompletableFuture<Integer> toldAtTheEnd = new CompletableFuture<>();
        LinkProbe peer =
                new LinkProbe().on(Event.INPUT_CLOSED, link -> toldAtTheEnd.complete(ending.count(Event.INPUT_CLOSED)));
        LinkPair pair = fixture.connectAcross(ending, peer);

        boolean out = pair.onceHasArrived(LinkEndContract::sendsLastBytes, Link::shutdownOutput);

        assertFalse(out, "our end is out before the peer's, which has arrived");
        assertEquals(1, Waiting.await(toldAtTheEnd, "our end"), "ends that were told before ours arrived");
        ending.awaitEndOut();
        assertEquals(List.of(), ending.violations());
    }

    private static void sendsLastBytes(LinkProbe peer) {
        peer.send(new byte[1000]);
        peer.endOutput();
        peer.awaitEndOut();
    }

    /** Pausing again before everything was handed on holds our end back again. */
    @Test
    default void ourEndWaitsThroughEveryPause(TransportFixture fixture) throws IOException {
        LinkProbe sipping = new LinkProbe().on(Event.READ, link -> link.reading(Reading.PAUSED));
        LinkPair pair = fixture.connect(sipping, new LinkProbe());
        byte[] bytes = Payloads.random(4 << 20, 3);

        pair.accepted().send(bytes);
        sipping.awaitReceived(1);
        boolean out = sipping.call(Link::shutdownOutput);
        while (sipping.receivedBytes() < bytes.length) {
            int had = sipping.receivedBytes();
            sipping.run(link -> link.reading(Reading.RESUMED));
            sipping.awaitReceived(had + 1);
            sipping.awaitTasks();
        }

        Payloads.assertSame(bytes, sipping.received());
        if (!out) {
            sipping.run(link -> link.reading(Reading.RESUMED));
            sipping.awaitEndOut();
        }
        pair.accepted().await(Event.INPUT_CLOSED);
        pair.accepted().run(Link::close);
    }

    /** There is nothing left to hand on. */
    @Test
    default void afterThePeersEndOursIsNotHeldBack(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.accepted().send(new byte[1000]);
        pair.accepted().endOutput();
        pair.dialled().await(Event.INPUT_CLOSED);

        pair.dialled().endOutput();

        pair.accepted().await(Event.INPUT_CLOSED);
    }

    /** It has no more to say, takes nothing for a while, and then all there is. */
    @Test
    default void aPeerThatHasEndedMissesNothingThoughItIsSlow(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.dialled().endOutput();
        pair.accepted().await(Event.INPUT_CLOSED);
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        // In small pieces, which some transports gather.
        long filled = pair.accepted().fill(new byte[1000]);
        byte[] rest = Payloads.random(2 << 20, 3);

        pair.accepted().send(rest);
        pair.dialled().run(link -> link.reading(Reading.RESUMED));

        pair.dialled().awaitReceived((int) filled + rest.length);
        assertEquals(filled + rest.length, pair.dialled().receivedBytes());
    }

    /** Also when our end has yet to go out. */
    @Test
    default void nothingIsWrittenOnceOurEndWasAskedFor(TransportFixture fixture) throws IOException {
        LinkPair pair = fixture.connect();
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        pair.accepted().fill(new byte[64 * 1024]);

        boolean refused = pair.dialled().call(link -> {
            link.shutdownOutput();
            assertThrows(IllegalStateException.class, () -> link.write(ByteBuffer.allocate(1)));
            return true;
        });

        assertTrue(refused);
    }

    /** It never was an end; a reset tells the peer so. */
    @Test
    default void aLinkThatIsClosedBeforeItsEndWentOutResets(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkPair pair = fixture.connect();
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        pair.accepted().fill(new byte[64 * 1024]);

        pair.dialled().run(link -> {
            link.shutdownOutput();
            link.close();
        });

        assertNull(pair.dialled().awaitClosed());
        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }

    /** The peer could take an end for the word that everything it sent was handled: it must see none. */
    @Test
    default void closingWithInputThatWasNotReadIsAReset(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkPair pair = fixture.connect();
        pair.dialled().run(link -> link.reading(Reading.PAUSED));
        pair.accepted().fill(new byte[64 * 1024]);

        pair.dialled().run(Link::close);

        assertNull(pair.dialled().awaitClosed());
        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }

    /** It reads, but what has arrived has not been its turn yet. */
    @Test
    default void closingAReadingLinkWithInputIsAResetToo(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        LinkPair pair = fixture.connectAcross(new LinkProbe(), new LinkProbe());

        pair.onceInputHasArrived(new byte[64 * 1024], link -> {
            link.close();
            return true;
        });

        assertNull(pair.dialled().awaitClosed());
        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }

    /** A reader that stops in the middle leaves the rest unread. */
    @Test
    default void closingInTheMiddleOfInputIsAReset(TransportFixture fixture) throws IOException {
        assumeTrue(fixture.resets(), "no resets here");
        CountDownLatch full = new CountDownLatch(1);
        LinkProbe closing = new LinkProbe().on(Event.READ, link -> {
            Waiting.await(full, "the peer's bytes");
            link.close();
        });
        LinkPair pair = fixture.connectAcross(closing, new LinkProbe());

        pair.accepted().fill(new byte[64 * 1024]);
        full.countDown();

        assertNull(closing.awaitClosed());
        assertInstanceOf(IOException.class, pair.accepted().awaitClosed());
        assertEquals(0, pair.accepted().count(Event.INPUT_CLOSED));
    }
}
