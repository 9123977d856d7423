/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import io.softclose.net.testkit.tls.TlsScene.Talk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** What arrives: in pieces, too early, broken, or cut. */
class TlsInputTest {
    private static final int APPLICATION_DATA = 23;

    private final TlsScene scene = new TlsScene();

    @Test
    void aConversationByteByByteIsTheSame() throws IOException {
        Talk talk = scene.accept();
        boolean said = false;

        for (boolean more = true; more; ) {
            talk.peer.answer();
            if (talk.connected && !said) {
                said = true;
                talk.peer.say("hello");
                talk.peer.end();
            }
            byte[] bytes = talk.peer.takeSaid();
            for (byte each : bytes) {
                talk.below.read(each);
                scene.loop.runReady();
            }
            byte[] answer = talk.below.takeReceived();
            talk.peer.receive(answer);
            more = bytes.length + answer.length > 0;
        }

        assertEquals("hello", talk.received());
        assertEquals(InputEnd.ENDED, talk.end);
        scene.close();
    }

    @Test
    void manyRecordsThatCameWithTheHandshakesLastWordAreAllHandedOn() throws IOException {
        Queue<Runnable> tasks = new ArrayDeque<>();
        TlsScene slow = new TlsScene(alice -> alice.executor(tasks::add), bob -> bob);
        Talk talk = slow.accept();
        talk.run();
        while (!talk.connected) {
            tasks.remove().run();
            slow.loop.runReady();
            talk.peer.receive(talk.below.takeReceived());
            talk.peer.answer();
            if (talk.peer.finished()) {
                talk.peer.say("B".repeat(60_000));
                talk.below.read(talk.peer.takeSaid());
                slow.loop.runReady();
                tasks.forEach(Runnable::run);
                tasks.clear();
                talk.run();
            }
            talk.run();
        }

        assertEquals(60_000, talk.received().length());
        assertFalse(talk.closed);
        slow.close();
    }

    @Test
    void whatComesInAPauseIsHandedOnAfterIt() throws IOException {
        Talk talk = scene.accept().run();
        scene.loop.runNow(() -> talk.link.reading(Reading.PAUSED));
        talk.peer.say("B".repeat(60_000));
        talk.peer.end();
        talk.run();
        assertEquals("", talk.received());

        scene.loop.runNow(() -> talk.link.reading(Reading.RESUMED));
        scene.loop.runReady();

        assertEquals(60_000, talk.received().length());
        assertEquals(InputEnd.ENDED, talk.end);
        scene.close();
    }

    @Test
    void aRecordCutByTheEndIsACut() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.say("hello");
        byte[] record = talk.peer.takeSaid();
        talk.below.read(Arrays.copyOf(record, record.length - 1));
        talk.below.inputClosed();
        scene.loop.runReady();

        assertEquals("", talk.received());
        assertEquals(InputEnd.CUT_OFF, talk.end);
        assertFalse(talk.closed);
        scene.close();
    }

    @Test
    void anEndInTheHandshakeIsAFailedOne() throws IOException {
        Talk talk = scene.accept();
        talk.peer.answer();
        byte[] hello = talk.peer.takeSaid();
        talk.below.read(Arrays.copyOf(hello, hello.length / 2));
        talk.below.inputClosed();
        scene.loop.runReady();

        assertEquals(Failure.LINK_CLOSED, failure(talk));
        scene.close();
    }

    @Test
    void garbageInsteadOfAHandshakeIsRefused() throws IOException {
        for (String garbage :
                new String[] {"GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0", "\u0016\u0003\u0003\0\u0005xxxxx"}) {
            Talk talk = scene.accept();
            talk.below.read(garbage.getBytes(StandardCharsets.ISO_8859_1));
            scene.loop.runReady();

            assertTrue(talk.closed);
            assertFalse(talk.connected);
            assertInstanceOf(HandshakeException.class, talk.cause);
        }
        scene.close();
    }

    @Test
    void garbageBehindGoodRecordsEndsTheLinkWithAnAlert() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.say("good");
        talk.carry();
        talk.below.read("garbage".getBytes(StandardCharsets.ISO_8859_1));
        scene.loop.runReady();

        assertEquals("good", talk.received());
        assertBroken(talk);
    }

    @Test
    void aRecordThatSomebodyChangedEndsTheLinkWithAnAlert() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.say("good");
        talk.carry();
        talk.peer.say("bad");
        byte[] record = talk.peer.takeSaid();
        record[record.length - 1] ^= 1;
        talk.below.read(record);
        scene.loop.runReady();

        assertEquals("good", talk.received());
        assertBroken(talk);
    }

    @Test
    void aRecordThatSomebodyRepeatsEndsTheLinkWithAnAlert() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.say("once");
        byte[] record = talk.peer.takeSaid();
        talk.below.read(record);
        talk.below.read(record);
        scene.loop.runReady();

        assertEquals("once", talk.received());
        assertBroken(talk);
    }

    @Test
    void aRecordThatClaimsTooMuchIsRefusedAtItsHeader() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.say("good");
        talk.carry();
        talk.below.read((byte) APPLICATION_DATA, (byte) 3, (byte) 3, (byte) 0xff, (byte) 0xff);
        scene.loop.runReady();

        assertBroken(talk);
    }

    @Test
    void emptyRecordsAreNoEvents() throws IOException {
        Talk talk = scene.accept().run();
        for (int i = 0; i < 100; i++) {
            talk.peer.sayNothing();
        }
        talk.peer.say("hello");
        talk.run();

        assertEquals("hello", talk.received());
        scene.close();
    }

    @Test
    void whatComesBehindThePeersEndIsNoWord() throws IOException {
        Talk talk = scene.accept().run();
        talk.peer.end();
        talk.run();
        talk.below.read("more".getBytes(StandardCharsets.ISO_8859_1));
        talk.below.inputClosed();
        scene.loop.runReady();

        assertEquals("", talk.received());
        assertEquals(InputEnd.ENDED, talk.end);
        assertFalse(talk.closed);
        scene.close();
    }

    private void assertBroken(Talk talk) {
        assertTrue(talk.closed);
        assertNull(talk.end, "it is no end");
        assertInstanceOf(SSLException.class, talk.cause);
        assertThrows(SSLException.class, () -> talk.peer.receive(talk.below.takeReceived()), "the alert");
        scene.close();
    }

    private static Failure failure(Talk talk) {
        return assertInstanceOf(HandshakeException.class, talk.cause).failure();
    }

    /** As io_uring has it: the answer to our end may be read before the link below has told that our end is out. */
    @Test
    void thePeersEndIsNoEarlierThanOursThatIsFlushed() throws IOException {
        for (boolean flushed : new boolean[] {true, false}) {
            Talk talk = scene.accept().run();
            talk.below.flushing(Flushing.ON_DEMAND);
            talk.end();
            scene.loop.runReady();
            talk.peer.end();

            talk.below.read(talk.peer.takeSaid());
            talk.below.flush(flushed ? FakeLink.UNLIMITED : 0);
            scene.loop.runReady();

            assertEquals(InputEnd.ENDED, talk.end);
            assertEquals(flushed, talk.endedFirst);
            talk.below.flush(FakeLink.UNLIMITED);
            talk.run();
        }
        scene.close();
    }
}
