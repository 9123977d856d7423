/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.HandshakeException;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.tls.TlsScene.Talk;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The link below has no memory to lend for a while: nothing is lost, and it goes on by itself. */
class TlsMemoryTest {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final TlsScene scene = new TlsScene();

    @Test
    void whatCannotBeSealedIsNotTakenAndGoesLater() throws IOException {
        Talk talk = scene.accept().run();
        talk.below.lends(false);

        talk.write("Alice");
        talk.run();
        assertEquals(5, talk.left());
        talk.below.lends(true);
        scene.loop.advance(AGAIN);
        talk.run();

        assertEquals("Alice", talk.peer.heard());
        scene.close();
    }

    @Test
    void whatCannotBeUnsealedIsHeldAndHandedOnLater() throws IOException {
        Talk talk = scene.accept().run();
        talk.below.lends(false);

        talk.peer.say("B".repeat(50_000));
        talk.peer.end();
        talk.run();
        assertEquals("", talk.received());
        talk.below.inputClosed();
        scene.loop.runReady();
        assertEquals(null, talk.end);
        talk.below.lends(true);
        scene.loop.advance(AGAIN);

        assertEquals("B".repeat(50_000), talk.received());
        assertEquals(InputEnd.ENDED, talk.end);
        scene.close();
    }

    @Test
    void ourEndGoesLater() throws IOException {
        Talk talk = scene.accept().run();
        talk.below.lends(false);

        talk.end();
        talk.run();
        assertFalse(talk.below.peerSawEnd());
        talk.below.lends(true);
        scene.loop.advance(AGAIN);
        talk.run();

        assertTrue(talk.peer.ended, "close_notify");
        assertTrue(talk.below.peerSawEnd());
        scene.close();
    }

    @Test
    void aHandshakeGoesOnLater() throws IOException {
        for (boolean dialled : new boolean[] {false, true}) {
            Talk talk = dialled ? scene.dial() : scene.accept();
            talk.below.lends(false);
            talk.run();
            assertFalse(talk.connected);

            talk.below.lends(true);
            scene.loop.advance(AGAIN);
            talk.run();

            assertTrue(talk.connected);
        }
        scene.close();
    }

    @Test
    void aHandshakeWithoutMemoryHasItsTimeAndNoMore() throws IOException {
        Talk talk = scene.accept();
        talk.below.lends(false);
        talk.run();

        scene.loop.advance(Duration.ofSeconds(5));

        assertTrue(talk.cause instanceof HandshakeException, () -> "cause: " + talk.cause);
        scene.close();
    }

    @Test
    void aCloseDoesNotWaitForMemory() throws IOException {
        Talk talk = scene.accept().run();
        talk.below.lends(false);

        scene.loop.runNow(() -> talk.link.close());
        scene.loop.runReady();

        assertTrue(talk.closed);
        scene.close();
    }

    @Test
    void answersOfTheProtocolsOwnGoLater() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.engine.beginHandshake();
        talk.peer.say("Bob");
        // There is memory for what arrives, and none for the answer.
        int[] lends = {1};
        talk.below.breaks("lend", () -> lends[0]-- > 0 ? null : new OutOfMemoryError("deliberate"));
        talk.run();
        talk.below.mended();
        scene.loop.advance(AGAIN);
        talk.write("Alice");
        talk.run();

        assertEquals("Bob", talk.received());
        assertEquals("Alice", talk.peer.heard());
        scene.close();
    }

    @Test
    void theLinksOfATransportAskOnceInAWhile() throws IOException {
        Talk talk = scene.accept().run();
        Talk other = scene.accept().run();
        talk.below.lends(false);
        other.below.lends(false);

        for (int i = 0; i < 5; i++) {
            talk.write("a");
            other.write("b");
            talk.peer.say("c");
            talk.run();
            other.run();
        }
        assertEquals(1, refused(talk.below, other.below));
        scene.loop.advance(AGAIN.multipliedBy(3));

        assertEquals(4, refused(talk.below, other.below));
        scene.close();
    }

    private static int refused(FakeLink one, FakeLink other) {
        return one.refusedLends() + other.refusedLends();
    }
}
