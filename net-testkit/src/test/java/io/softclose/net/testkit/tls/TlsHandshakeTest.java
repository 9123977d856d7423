/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import static io.softclose.net.testkit.tls.TlsScene.ALICE;
import static io.softclose.net.testkit.tls.TlsScene.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.PeerId;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.tls.TlsScene.Talk;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsEngines;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsSettings.Version;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Who shakes hands with whom, by which version, and within what time; and what is negotiated once a link is up. */
class TlsHandshakeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void bothEndsSpeakTls13AndKnowWhoIsThere() throws IOException {
        TlsScene scene = new TlsScene();

        for (Talk talk : List.of(scene.connect(false), scene.connect(true))) {
            assertTrue(talk.connected);
            assertEquals("TLSv1.3", talk.peer.engine.getSession().getProtocol());
            assertEquals(Optional.of(BOB.peerId()), talk.proven());
            assertEquals(ALICE.peerId(), provenToBob(talk));
        }
        scene.close();
    }

    @Test
    void aPeerThatSpeaksOnlyTls12IsRefusedUnlessThatIsWanted() throws IOException {
        TlsScene scene = new TlsScene(alice -> alice, bob -> bob.versions(Version.TLS_1_2));
        Talk talk = scene.accept();

        assertThrows(SSLHandshakeException.class, talk::run, "the alert");

        assertFalse(talk.connected);
        assertEquals(Failure.IDENTITY, failure(talk));
        scene.close();
    }

    @Test
    void aPeerThatSpeaksOnlyTls12IsServedOnRequest() throws IOException {
        TlsScene scene = new TlsScene(alice -> alice.alsoTls12(), bob -> bob.versions(Version.TLS_1_2));

        for (Talk talk : List.of(scene.connect(false), scene.connect(true))) {
            talk.peer.say("from Bob");
            talk.write("from Alice");
            talk.run();

            assertEquals("TLSv1.2", talk.peer.engine.getSession().getProtocol());
            assertEquals(Optional.of(BOB.peerId()), talk.proven());
            assertEquals(ALICE.peerId(), provenToBob(talk));
            assertEquals("from Bob", talk.received());
            assertEquals("from Alice", talk.peer.heard());
        }
        scene.close();
    }

    @Test
    void aTls12PeersEndEndsBothDirections() throws IOException {
        TlsScene scene = new TlsScene(alice -> alice.alsoTls12(), bob -> bob.versions(Version.TLS_1_2));
        Talk talk = scene.accept().run();
        talk.peer.say("the last word");
        talk.peer.end();
        talk.run();
        assertEquals(InputEnd.ENDED, talk.end);

        talk.write("too late");
        talk.run();

        assertTrue(talk.closed);
        assertInstanceOf(SSLException.class, talk.cause);
        scene.close();
    }

    @Test
    void aSessionIsResumedAndItsPeerProvenAgain() throws IOException {
        int[] asked = {0};
        TlsScene scene = new TlsScene(
                alice -> trusting(peer -> {
                            asked[0]++;
                            return true;
                        })
                        .executor(Runnable::run),
                bob -> bob);

        for (boolean dials : new boolean[] {false, true}) {
            scene.connect(dials);
            assertEquals(2, asked[0], "once for the certificate, and once for the session");
            Talk again = scene.connect(dials);
            again.peer.say("hello");
            again.run();

            assertEquals(3, asked[0], "no certificate was shown");
            assertTrue(again.connected);
            assertEquals(Optional.of(BOB.peerId()), again.proven());
            assertEquals(ALICE.peerId(), provenToBob(again));
            assertEquals("hello", again.received());
            asked[0] = 0;
        }
        scene.close();
    }

    @Test
    void aSessionOfAPeerThatIsTrustedNoMoreIsNotResumed() throws IOException {
        TlsScene scene = new TlsScene();
        assertTrue(scene.accept().run().connected);
        assertTrue(scene.dial().run().connected);
        scene.trusted.remove(BOB.peerId());

        for (Talk talk : List.of(scene.connect(false), scene.connect(true))) {
            assertFalse(talk.connected);
            assertEquals(Failure.IDENTITY, failure(talk));
            assertTrue(talk.peer.ended, "it was told the end, for there is no alert after the handshake");
        }
        scene.close();
    }

    @Test
    void aTls12PeerThatWantsToNegotiateAgainIsRefused() throws IOException {
        TlsScene scene = new TlsScene(alice -> alice.alsoTls12(), bob -> bob.versions(Version.TLS_1_2));

        for (Talk talk : List.of(scene.connect(false), scene.connect(true))) {
            talk.peer.say("before");
            talk.run();
            talk.peer.engine.beginHandshake();
            talk.peer.answer();
            talk.carry();

            assertEquals("before", talk.received());
            assertTrue(talk.closed);
            assertInstanceOf(SSLException.class, talk.cause);
        }
        scene.close();
    }

    @Test
    void keysThatChangeInTheMiddleCostNoByte() throws IOException {
        TlsScene scene = new TlsScene();
        Talk talk = scene.accept().run();
        StringBuilder all = new StringBuilder();

        for (int i = 0; i < 10; i++) {
            String text = i + "x".repeat(20_000);
            all.append(text);
            talk.peer.say(text);
            talk.write(text);
            if (i % 3 == 1) {
                // With TLS 1.3 this asks for new keys both ways.
                talk.peer.engine.beginHandshake();
            }
            talk.carry();
        }
        talk.run();

        assertEquals(all.toString(), talk.received());
        assertEquals(all.toString(), talk.peer.heard());
        assertFalse(talk.closed);
        scene.close();
    }

    @Test
    void keysThatChangeWhileThereIsNoRoomChangeOnceThereIs() throws IOException {
        TlsScene scene = new TlsScene();
        Talk talk = scene.accept().run();
        talk.below.takes(0);
        talk.write("Alice".repeat(10_000));
        talk.peer.engine.beginHandshake();
        talk.peer.say("Bob");
        talk.run();
        assertEquals("Bob", talk.received());

        talk.below.takes(1_000);
        talk.run();

        assertEquals("Alice".repeat(10_000), talk.peer.heard());
        scene.close();
    }

    @Test
    void newKeysThatAreAskedForAndNotTakenEndTheLinkInTheEnd() throws IOException {
        TlsScene scene = new TlsScene();
        Talk talk = scene.accept().run();
        talk.peer.say("hello");
        talk.below.takes(0);

        for (int i = 0; i < 5_000 && !talk.closed; i++) {
            talk.peer.engine.beginHandshake();
            talk.carry();
        }

        assertTrue(talk.closed);
        assertInstanceOf(SSLException.class, talk.cause);
        scene.close();
    }

    @Test
    void tasksOfTheHandshakeNeverRunOnTheLoop() throws IOException {
        Queue<Runnable> tasks = new ArrayDeque<>();
        TlsScene scene = new TlsScene(alice -> alice.executor(tasks::add), bob -> bob);

        for (Talk talk : List.of(scene.accept(), scene.dial())) {
            int ran = 0;
            for (talk.run(); !tasks.isEmpty(); talk.run()) {
                assertFalse(talk.connected);
                assertEquals(Reading.PAUSED, talk.below.reading(), "what comes waits below");
                tasks.remove().run();
                ran++;
            }

            assertTrue(talk.connected);
            assertTrue(ran > 1, "tasks that were delegated: " + ran);
        }
        scene.close();
    }

    @Test
    void withoutAnExecutorThereAreThreadsForThem() throws IOException {
        List<String> threads = new ArrayList<>();
        TlsScene scene = new TlsScene(
                alice -> trusting(peer -> threads.add(Thread.currentThread().getName())), bob -> bob);
        Talk talk = scene.accept();

        scene.loop.runUntil(() -> connects(talk));

        assertEquals(2, threads.size(), "within the handshake, and at its end");
        assertTrue(threads.get(0).startsWith("softclose-tls-"), threads::toString);
        assertEquals(Thread.currentThread().getName(), threads.get(1), "of the loop");
        scene.close();
    }

    private static boolean connects(Talk talk) {
        try {
            return talk.run().connected;
        } catch (SSLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aPeerThatSaysNothingHasTheHandshakesOwnTime() throws IOException {
        TlsScene scene = new TlsScene();
        Talk silent = scene.accept();
        Talk open = scene.accept().run();

        scene.loop.advance(TIMEOUT.minusMillis(1));
        assertFalse(silent.closed);
        scene.loop.advance(Duration.ofMillis(1));

        assertTrue(silent.closed);
        assertEquals(Failure.TIMEOUT, failure(silent));
        assertTrue(silent.below.peerSawReset());
        assertFalse(open.closed);
        scene.close();
    }

    @Test
    void aPeerThatTricklesHasNoMoreTimeThanASilentOne() throws IOException {
        TlsScene scene = new TlsScene();
        Talk talk = scene.accept();
        talk.peer.answer();

        for (byte each : talk.peer.takeSaid()) {
            talk.below.read(each);
            scene.loop.advance(Duration.ofMillis(50));
        }

        assertEquals(Failure.TIMEOUT, failure(talk));
        scene.close();
    }

    @Test
    void tasksThatAreNeverRunDoNotKeepALink() throws IOException {
        TlsScene scene = new TlsScene(alice -> alice.executor(task -> {}), bob -> bob);
        Talk talk = scene.accept().run();

        scene.loop.advance(TIMEOUT);

        assertEquals(Failure.TIMEOUT, failure(talk));
        scene.close();
    }

    @Test
    void anExecutorThatRefusesTasksCostsTheLinkAlone() throws IOException {
        CountedEngines engines = new CountedEngines();
        TlsScene scene = new TlsScene(
                alice -> TlsSettings.builder(TrustedPeers.of(BOB.peerId()))
                        .engines(engines)
                        .executor(task -> {
                            throw new RejectedExecutionException("full");
                        }),
                bob -> bob);
        Talk talk = scene.accept();

        talk.run();

        assertInstanceOf(HandshakeException.class, talk.cause);
        assertEquals(1, engines.released, "engines given back");
        scene.close();
    }

    /** As thread pools do that find no memory for a thread once the task is in their queue. */
    @Test
    void anExecutorThatThrowsAndRunsTheTasksAllTheSameCostsNothing() throws IOException {
        CountedEngines engines = new CountedEngines();
        TlsScene scene = new TlsScene(
                alice -> TlsSettings.builder(TrustedPeers.of(BOB.peerId()))
                        .engines(engines)
                        .executor(task -> {
                            task.run();
                            throw new OutOfMemoryError("deliberate");
                        }),
                bob -> bob);
        Talk talk = scene.accept();

        talk.run();

        assertTrue(talk.connected);
        scene.loop.runNow(talk.link::abort);
        scene.loop.runReady();
        assertEquals(1, engines.released, "engines given back");
        scene.close();
    }

    /** Alice's, and how many were given back. */
    private static final class CountedEngines implements TlsEngines {
        private final TlsEngines engines = TlsSettings.builder(TrustedPeers.of(BOB.peerId()))
                .identity(ALICE)
                .build()
                .engines();
        private int released;

        @Override
        public SSLEngine dialling(Optional<PeerId> expected) {
            return engines.dialling(expected);
        }

        @Override
        public SSLEngine accepting() {
            return engines.accepting();
        }

        @Override
        public void release(SSLEngine engine) {
            released++;
        }
    }

    private static TlsSettings.Builder trusting(PeerTrust trust) {
        return TlsSettings.builder(trust).identity(ALICE);
    }

    private static PeerId provenToBob(Talk talk) throws SSLException {
        return PeerId.ofKey(
                talk.peer.engine.getSession().getPeerCertificates()[0].getPublicKey());
    }

    private static Failure failure(Talk talk) {
        return assertInstanceOf(HandshakeException.class, talk.cause).failure();
    }
}
