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
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class UnixDomainSocketTest {
    @RegisterExtension
    private final Nodes nodes = new Nodes();

    @TempDir
    private static Path directory;

    @Test
    void twoNodesConverseAndCloseGracefullyOverAFile() throws IOException {
        Limits limits = Limits.builder().maxFrameSize(1024).build();
        Node one = nodes.node(builder -> builder.limits(limits));
        Node two = nodes.node(builder -> builder.limits(limits));
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("node"));
        two.listen(address);
        PeerId peer = PeerId.random();
        Connection dialled = Await.of(one.network().dial(peer, address).opened(), "the connection");
        Connection accepted = two.nextConnection();

        byte[] large = Payloads.bytes(2, 100_000);
        assertEquals(SendResult.ACCEPTED, dialled.send(Payloads.numbered(1, 100)));
        assertEquals(1, Payloads.numberOf(two.nextMessage()));
        assertEquals(SendResult.ACCEPTED, accepted.send(Message.of(Node.PROTOCOL, 3, large)));
        assertEquals(ByteBuffer.wrap(large), one.nextMessage().payload());
        for (int number = 0; number < 1_000; number++) {
            assertEquals(SendResult.ACCEPTED, dialled.send(Payloads.numbered(number, 900)));
        }

        assertEquals(CloseEnding.CLEAN, Await.of(dialled.close(), "the close").ending());

        assertEquals(peer, dialled.peer());
        assertEquals(DisconnectReason.CONNECTION_CLOSED, two.nextReport().reason());
        assertEquals(Payloads.upTo(1_000), Payloads.numbersOf(two.takeReceived()));
        Await.of(two.network().shutdown(), "the shutdown");
        assertFalse(Files.exists(address.getPath()), "the file goes with the listener");
    }
}
