/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Limits;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * A node with a connection that nobody harms, while others do their worst to the node: in the end it still carries
 * messages in both directions.
 */
public final class Bystander implements AutoCloseable {
    public static final int MAX_FRAME = 64 * 1024;
    /** More messages of this size than the socket buffers of both ends hold. */
    public static final int QUEUED = 4_000;

    public static final int SIZE = 4 * 1024;

    /** Whose connections suffer. */
    public final Node node;

    private final Node neighbour;
    private final Nodes.Pair unharmed;

    public Bystander(Nodes nodes) throws IOException {
        this(nodes, builder -> builder);
    }

    public Bystander(Nodes nodes, UnaryOperator<NetworkBuilder> settings) throws IOException {
        Limits limits =
                Limits.builder().maxFrameSize(MAX_FRAME).outboxMessages(QUEUED).build();
        node = nodes.node(builder -> settings.apply(builder.limits(limits)));
        neighbour = nodes.node();
        unharmed = Nodes.connect(neighbour, node);
    }

    /** One more peer of the node, after both handshakes. */
    public WirePeer open() throws IOException {
        return Peers.open(node);
    }

    @Override
    public void close() {
        assertEquals(SendResult.ACCEPTED, unharmed.accepted().send(Numbered.message(-1, SIZE)));
        assertEquals(-1, Numbered.numberOf(neighbour.nextMessage()));
        assertEquals(SendResult.ACCEPTED, unharmed.dialled().send(Numbered.message(-2, SIZE)));
        int number = 0;
        while (number != -2) {
            number = Numbered.numberOf(node.nextMessage());
        }
    }
}
