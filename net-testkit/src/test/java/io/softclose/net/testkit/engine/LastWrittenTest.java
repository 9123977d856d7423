/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that were written and that the peer may lack, because the close was not clean. */
class LastWrittenTest {
    private static final Duration KEPT = Duration.ofSeconds(30);

    @RegisterExtension
    final Node node = new Node();

    private final Message old = message("old");
    private final Message first = message("first");
    private final Message second = message("second");

    @Test
    void aCloseThatIsNotCleanHandsBackWhatWasWrittenLast() {
        node.limits(limits -> limits.keepWritten(KEPT));
        Conversation talk = node.connect();
        writeAll(talk);

        talk.link.fail(new IOException("deliberate"));
        node.run();

        CloseReport report = talk.report();
        assertEquals(
                List.of(returned(first), returned(second)), report.lastWritten(), "lastWritten, without the old one");
        assertEquals(List.of(), report.returned());
        assertEquals(3, report.account().count(Outcome.WRITTEN));
        assertFalse(report.lossless());
    }

    @Test
    void aCleanCloseHandsNothingBack() {
        node.limits(limits -> limits.keepWritten(KEPT));
        Conversation talk = node.connect();
        writeAll(talk);

        talk.connection.close();
        node.run();
        talk.peerEnds();

        assertTrue(talk.report().lossless());
        assertEquals(List.of(), talk.report().lastWritten());
    }

    @Test
    void nothingIsKeptByDefault() {
        Conversation talk = node.connect();
        writeAll(talk);

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(List.of(), talk.report().lastWritten());
    }

    private void writeAll(Conversation talk) {
        talk.sendAll(old);
        node.run();
        node.loop.advance(KEPT.plusMillis(1));
        talk.sendAll(first);
        node.run();
        talk.sendAll(second);
        node.run();
    }

    private static ReturnedMessage returned(Message message) {
        return new ReturnedMessage(message, Outcome.WRITTEN, "default");
    }
}
