/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.softclose.net.CloseEnding;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.PeerId;
import io.softclose.net.SendResult;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDomainSocketTest implements NioUnderTest {
    @TempDir
    private static Path directory;

    @Test
    void twoNodesConverseAndCloseGracefullyOverAFile(Nodes nodes) throws IOException {
        Limits limits = Limits.builder().maxFrameSize(1024).build();
        Node one = nodes.node(builder -> builder.limits(limits));
        Node two = nodes.node(builder -> builder.limits(limits));
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("node"));
        two.network().listen(address);
        PeerId peer = PeerId.random();
        Connection dialled = Waiting.await(one.network().dial(peer, address).opened(), "the connection");
        Connection accepted = two.nextConnection();

        byte[] large = Numbered.bytes(2, 100_000);
        assertEquals(SendResult.ACCEPTED, dialled.send(Numbered.message(1, 100)));
        assertEquals(1, Numbered.numberOf(two.nextMessage()));
        assertEquals(SendResult.ACCEPTED, accepted.send(Message.of(Node.PROTOCOL, 3, large)));
        assertEquals(ByteBuffer.wrap(large), one.nextMessage().payload());
        for (int number = 0; number < 1_000; number++) {
            assertEquals(SendResult.ACCEPTED, dialled.send(Numbered.message(number, 900)));
        }

        assertEquals(
                CloseEnding.CLEAN, Waiting.await(dialled.close(), "the close").ending());

        assertEquals(peer, dialled.peer());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, two.nextReport().reason());
        assertEquals(Numbered.upTo(1_000), Numbered.numbersOf(two.takeReceived()));
        Waiting.await(two.network().shutdown(), "the shutdown");
        assertFalse(Files.exists(address.getPath()), "the file goes with the listener");
    }
}
