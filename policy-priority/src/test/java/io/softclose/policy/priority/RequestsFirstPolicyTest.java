/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.policy.ClosePolicyContract;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame.DirectSend;
import io.softclose.net.testkit.wire.WireParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsFirstPolicyTest implements ClosePolicyContract {
    @Override
    public ClosePolicy createPolicy() {
        return new RequestsFirstPolicy();
    }

    @Test
    void aRequestPassesTheRest() {
        ProtocolId protocol = ProtocolId.MEMPOOL_DIRECT_SEND;
        FakeTransport transport = new FakeTransport();
        Network network = Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy(new RequestsFirstPolicy())
                .support(protocol)
                .build();
        Connection connection = network.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        FakeLink link = transport.links().get(0);
        link.read(WireBytes.handshake(4, 0, protocol.id()));
        transport.loop().runReady();

        assertEquals(SendResult.ACCEPTED, connection.send(Message.of(protocol, 0, new byte[10])));
        assertEquals(SendResult.ACCEPTED, connection.send(Message.of(protocol, 255, new byte[10])));
        var closed = connection.close().toCompletableFuture();
        transport.loop().runReady(); // until the engine waits for the peer's end
        link.inputClosed();
        transport.loop().runReady();

        CloseReport report = closed.join();
        assertTrue(report.clean(), report::detail);
        WireParser peer = new WireParser();
        peer.feed(link.takeReceived());
        assertEquals(
                List.of(255, 0),
                peer.takeFrames().stream()
                        .map(frame -> ((DirectSend) frame).priority())
                        .toList());
        transport.verifyNoLeaks();
    }
}
