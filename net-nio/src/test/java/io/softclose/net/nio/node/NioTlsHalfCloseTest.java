/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.testkit.Layer;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** TLS 1.3 ends one direction at a time: what a peer says after our close_notify is handled, however much that is. */
class NioTlsHalfCloseTest {
    private static final int MESSAGES = 16;
    private static final int SIZE = 1 << 20;

    /** It says nothing before it has read our end, so that all of it comes after that. */
    @Test
    void sixteenMebibytesAfterOurEndReachTheHandler() throws Exception {
        BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
        BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
        try (Network node = Network.builder()
                        .transport(() -> Layer.tls().over(NioTransport.builder().build()))
                        .closePolicy(GracefulPolicy.builder().build())
                        .handle(
                                ProtocolId.CONSENSUS_DIRECT_SEND_BCS,
                                (connection, message) -> received.add(Numbered.numberOf(message)))
                        .events(new NetworkEvents() {
                            @Override
                            public void connected(Connection connection) {
                                connected.add(connection);
                            }
                        })
                        .build();
                Socket peer = dial(node)) {
            peer.getOutputStream().write(WireBytes.handshake(4, 0, 1));
            CompletionStage<CloseReport> closed =
                    Waiting.next(connected, "a connection").close();

            readToTheEnd(peer);
            for (int number = 0; number < MESSAGES; number++) {
                peer.getOutputStream().write(WireBytes.directSend(1, 0, Numbered.bytes(number, SIZE)));
            }
            peer.shutdownOutput();

            assertEquals(CloseEnding.CLEAN, Waiting.await(closed, "the close").ending());
            List<Integer> numbers = new ArrayList<>(received);
            assertEquals(Numbered.upTo(MESSAGES), numbers);
        }
    }

    private static void readToTheEnd(Socket peer) throws IOException {
        byte[] buffer = new byte[1024];
        int read = 0;
        while (read >= 0) {
            read = peer.getInputStream().read(buffer);
        }
    }

    private static Socket dial(Network node) throws Exception {
        InetSocketAddress address =
                (InetSocketAddress) node.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .localAddress();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        return Layer.tls().dialled(socket);
    }
}
