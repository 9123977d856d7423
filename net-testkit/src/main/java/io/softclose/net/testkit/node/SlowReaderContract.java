/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Peers;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Peers that read late, over small buffers; part of {@link NodeContract}. */
public interface SlowReaderContract {
    /** The kernels hold a few hundred of the messages; the rest passes through them as slowly as the peer reads. */
    @Test
    default void aHundredThousandQueuedMessagesReachAReaderThatStartsOnlyWhenTheCloseHasBegun(Nodes nodes)
            throws IOException {
        int messages = 100_000;
        Node node = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(messages)));
        try (DialledPeer reader = new DialledPeer(node)) {
            Numbered.sendAll(reader.connection, messages, 64);

            CompletionStage<CloseReport> closed = reader.connection.close();
            assertEquals(SendResult.CLOSING, reader.connection.send(Numbered.message(messages, 64)));
            assertReadsAll(reader, messages);
            assertEquals(ConnectionState.FINISHING, reader.connection.state(), "it waits for our end");
            reader.peer.endOutput();

            CloseReport report = Waiting.await(closed, "the close");
            assertEquals(CloseEnding.CLEAN, report.ending());
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
            assertTrue(report.returned().isEmpty());
        }
    }

    /** It ends its direction first; a loop may have nothing to wait for then until it finds the socket full. */
    @Test
    default void aReaderThatHasEndedStillGetsEverythingThatWasQueued(Nodes nodes) throws IOException {
        int messages = 4_000;
        Node node = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(messages)));
        try (DialledPeer reader = new DialledPeer(node)) {
            Numbered.sendAll(reader.connection, messages, 4_096);

            reader.peer.endOutput();
            assertReadsAll(reader, messages);

            CloseReport report = Waiting.await(reader.connection.closed(), "the close");
            assertEquals(messages, report.account().count(Outcome.WRITTEN));
        }
    }

    private static void assertReadsAll(DialledPeer reader, int messages) throws IOException {
        for (int number = 0; number < messages; number++) {
            assertEquals(Optional.of(number), Peers.nextNumber(reader.peer));
        }
        assertEquals(Optional.empty(), Peers.nextNumber(reader.peer));
    }
}
