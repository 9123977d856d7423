/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.softclose.net.Connection;
import io.softclose.net.SendResult;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.NodeContract;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole nodes on {@link NioTransport}. */
class NioNodeTest implements NioUnderTest, NodeContract {
    @Test
    void aNetworkThatMadeItsTransportByNameClosesIt(Nodes nodes) throws IOException {
        LeakChecks threads = LeakChecks.begin();
        Node one =
                nodes.assembled(builder -> builder.transport(NioTransport.NAME).closePolicy("graceful"));
        Node two =
                nodes.assembled(builder -> builder.transport(NioTransport.NAME).closePolicy("timed-drain"));
        Connection connection = Nodes.connect(one, two).dialled();
        assertEquals(SendResult.ACCEPTED, connection.send(Numbered.message(1, 8)));
        assertFalse(threads.startedSince().isEmpty());

        Waiting.await(one.network().shutdown(), "one shutdown");
        Waiting.await(two.network().shutdown(), "the other shutdown");

        assertEquals(List.of(1), Numbered.numbersOf(two.takeReceived()));
        threads.assertNoThreadLeft();
    }
}
