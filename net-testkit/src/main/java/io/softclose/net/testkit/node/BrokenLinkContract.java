/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.Reports;
import io.softclose.net.testkit.node.peer.DialledPeer;
import io.softclose.net.testkit.node.peer.Peers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a link that breaks under traffic leaves behind, part of {@link NodeContract}. */
public interface BrokenLinkContract {
    /** No more of a batch on its way is WRITTEN than the kernels can have, and nothing that arrived is UNSENT. */
    @Test
    default void aResetWhileTheSocketIsFullLeavesEveryMessageAccountedFor(Nodes nodes) throws IOException {
        int messages = 2_000;
        int size = 500;
        // What the kernels of both ends make of small buffers, at most, and less than a link takes ahead of them.
        int kernelBytes = 96 * 1024;
        Node node = nodes.node(nodes.transportOfSmallBuffers(), builder -> builder.limits(Nodes.outboxOf(messages)));
        for (int round = 0; round < 20; round++) {
            try (DialledPeer reader = new DialledPeer(node)) {
                Numbered.sendAll(reader.connection, messages, size);
                int read = round * 7;
                for (int number = 0; number < read; number++) {
                    assertEquals(Optional.of(number), Peers.nextNumber(reader.peer));
                }

                reader.peer.reset();

                CloseReport report = Waiting.await(reader.connection.closed(), "the end");
                assertEquals(CloseEnding.ERROR, report.ending());
                nodes.assertLeftInOrder(report, messages);
                assertTrue(Reports.numbers(report, Outcome.UNSENT).get(0) >= read, "UNSENT, and yet it arrived");
                long written = report.account().count(Outcome.WRITTEN);
                assertTrue((written - read) * size < kernelBytes, () -> read + " read: " + report);
            }
        }
    }

    /** Whatever its handler had is not said to be safe to send again. */
    @Test
    default void nothingThatThePeersHandlerHadIsUnsentAfterItAborts(Nodes nodes) throws IOException {
        Node sending = nodes.node(builder -> builder.limits(Nodes.outboxOf(5_000)));
        Node aborting = nodes.node();
        InetSocketAddress address = aborting.listen();
        for (int round = 0; round < 20; round++) {
            int most = 1 + round * 50;
            aborting.onMessage((connection, message) -> {
                aborting.keep(message);
                if (Numbered.numberOf(message) == most) {
                    connection.abort();
                }
            });
            Connection connection = sending.connect(address);
            int sent = sendUntilRefused(connection, 5_000);

            CloseReport report = Waiting.await(connection.closed(), "the end");
            Waiting.await(aborting.nextConnection().closed(), "the other end");
            List<Integer> had = Numbered.numbersOf(aborting.takeReceived());

            nodes.assertLeftInOrder(report, sent);
            List<Integer> unsent = Reports.numbers(report, Outcome.UNSENT);
            assertEquals(Numbered.upTo(had.size()), had);
            assertTrue(unsent.isEmpty() || unsent.get(0) >= had.size(), report::toString);
        }
    }

    private static int sendUntilRefused(Connection connection, int most) {
        int number = 0;
        while (number < most && connection.send(Numbered.message(number, 1_000)).accepted()) {
            number++;
        }
        return number;
    }
}
