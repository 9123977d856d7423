/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.fixture.RawListener;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A node converses with a peer that shares no code with it, part of {@link NodeContract}. */
public interface ConversationContract {
    private static Node node(Nodes nodes) {
        return nodes.node(builder -> builder.chainId(Peers.CHAIN_ID)
                .limits(Limits.builder().maxFrameSize(1024).build())
                .support(ProtocolId.MEMPOOL_DIRECT_SEND));
    }

    /** A peer that dialled the node and supports more than it, after both handshakes. */
    private static WirePeer open(Node node) throws IOException {
        WirePeer peer = Peers.dial(node);
        peer.send(WireBytes.handshake(
                Peers.CHAIN_ID, Peers.VALIDATOR, Peers.CONSENSUS, Peers.MEMPOOL, Peers.HEALTH_CHECKER_RPC));
        peer.readHandshake();
        return peer;
    }

    /** One V1 entry, protocols 1 and 2 as bits of one byte, chain 4, the validators' network; after its length. */
    private static byte[] handshake() {
        return HexFormat.of().parseHex("0006" + "0100" + "0160" + "04" + "00");
    }

    /** AptosNet's published vector: a direct-send message "hello world" of MempoolDirectSend. */
    private static byte[] vector() {
        return HexFormat.of().parseHex("00000010" + "000302000b68656c6c6f20776f726c64");
    }

    private static WireFrame nextFrame(WirePeer peer) throws IOException {
        Optional<WireFrame> frame = peer.readFrame();
        return frame.orElseThrow(() -> new AssertionError("the node has ended (expected: a frame)"));
    }

    @Test
    default void anAcceptingNodeSendsItsHandshakeUnaskedByteForByte(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (Socket peer = node.layer().dialled(Peers.connect(node))) {
            assertArrayEquals(handshake(), readExactly(peer, handshake().length));
        }
    }

    @Test
    default void aDiallingNodeSendsItsHandshakeUnaskedByteForByte(Nodes nodes) throws IOException {
        try (RawListener listener = nodes.listener()) {
            Connection connection = node(nodes).network().dial(listener.address());
            try (Socket peer = listener.accept()) {
                assertArrayEquals(handshake(), readExactly(peer, handshake().length));

                peer.getOutputStream().write(handshake());

                assertEquals(
                        Set.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.MEMPOOL_DIRECT_SEND),
                        Waiting.await(connection.opened(), "the connection").protocols());
            }
        }
    }

    /** A reset would tell it no more than that something went wrong. */
    @Test
    default void aPeerForWhomThereIsNoRoomReadsAnEnd(Nodes nodes) throws IOException {
        Node full = nodes.node(builder -> builder.chainId(Peers.CHAIN_ID)
                .limits(Limits.builder().maxInboundConnections(1).build())
                .support(ProtocolId.MEMPOOL_DIRECT_SEND));
        try (WirePeer first = open(full)) {
            // Its place is taken once it is open at this end, too.
            Connection open = full.nextConnection();
            try (Socket second = full.layer().dialled(Peers.connect(full))) {
                second.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
                second.getOutputStream().write(handshake());

                assertEquals(-1, second.getInputStream().read());
            }
            assertEquals(open, full.network().connections().get(0));
            first.endOutput();
        }
    }

    @Test
    default void aPeerIsDialledByTheNameOfItsHost(Nodes nodes) throws IOException {
        try (RawListener listener = nodes.listener()) {
            int port = listener.address().getPort();
            Connection connection = node(nodes).network().dial(InetSocketAddress.createUnresolved("localhost", port));
            try (Socket peer = listener.accept()) {
                peer.getOutputStream().write(handshake());

                Waiting.await(connection.opened(), "the connection");
            }
        }
    }

    @Test
    default void anApplicationsOwnProtocolIsOneMoreBitAndOneMoreByte(Nodes nodes) throws IOException {
        ProtocolId chat = ProtocolId.of(64, "chat");
        CompletableFuture<Message> received = new CompletableFuture<>();
        Node node = nodes.node(builder ->
                builder.chainId(Peers.CHAIN_ID).handle(chat, (connection, message) -> received.complete(message)));
        try (WirePeer peer = Peers.dial(node)) {
            peer.send(WireBytes.handshake(Peers.CHAIN_ID, Peers.VALIDATOR, Peers.MEMPOOL, 64, 65));
            peer.readHandshake();
            peer.send(WireBytes.directSend(64, 7, new byte[] {1}));

            Message message = Waiting.await(received, "the message");
            assertEquals("Message[chat, priority 7, 1 bytes]", message.toString());
            Connection connection = node.nextConnection();
            assertEquals(Set.of(chat), connection.protocols());
            assertEquals(SendResult.ACCEPTED, connection.send(message));
            assertArrayEquals(
                    WireBytes.directSend(64, 7, new byte[] {1}),
                    readExactly(peer.socket(), WireBytes.directSend(64, 7, new byte[] {1}).length));
        }
    }

    @Test
    default void aByteOfAProtocolThatNobodyKnowsIsAnsweredAsAptosNetDoes(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSend(64, 0, new byte[1]));

            byte[] answer = WireBytes.parsingError(0, 3);
            assertArrayEquals(answer, readExactly(peer.socket(), answer.length));
        }
    }

    @Test
    default void thePublishedVectorIsWhatANodeSends(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            byte[] payload = "hello world".getBytes(StandardCharsets.US_ASCII);

            assertEquals(
                    SendResult.ACCEPTED,
                    node.nextConnection().send(Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, payload)));

            assertArrayEquals(vector(), readExactly(peer.socket(), vector().length));
        }
    }

    @Test
    default void thePublishedVectorIsUnderstood(Nodes nodes) throws IOException {
        Node node = nodes.node(builder -> builder.handle(
                ProtocolId.MEMPOOL_DIRECT_SEND,
                (connection, message) -> assertEquals(
                        SendResult.ACCEPTED,
                        connection.send(Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 9, message.payload())))));
        try (WirePeer peer = open(node)) {
            peer.send(vector());

            WireFrame.DirectSend echo = (WireFrame.DirectSend) nextFrame(peer);
            assertEquals(
                    "hello world",
                    StandardCharsets.US_ASCII.decode(echo.payload()).toString());
            assertEquals(Peers.CONSENSUS, echo.protocol());
            assertEquals(9, echo.priority());
        }
    }

    @Test
    default void messagesGoBothWays(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSend(Peers.CONSENSUS, 200, Numbered.bytes(1, 100)));
            Message received = node.nextMessage();
            assertEquals(
                    SendResult.ACCEPTED,
                    node.nextConnection().send(Message.of(Node.PROTOCOL, 7, Numbered.bytes(2, 100))));

            assertEquals(200, received.priority());
            assertEquals(ByteBuffer.wrap(Numbered.bytes(1, 100)), received.payload());
            assertEquals(
                    new WireFrame.DirectSend(Peers.CONSENSUS, 7, ByteBuffer.wrap(Numbered.bytes(2, 100))),
                    nextFrame(peer));
        }
    }

    @Test
    default void aLargeMessageIsStreamedInChunksOfTheFrameLimitLess64Bytes(Nodes nodes) throws IOException {
        int chunk = 1024 - 64;
        byte[] payload = Numbered.bytes(3, 2 * chunk + 10);
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            assertEquals(SendResult.ACCEPTED, node.nextConnection().send(Message.of(Node.PROTOCOL, 5, payload)));

            WireFrame.StreamHeader header = (WireFrame.StreamHeader) nextFrame(peer);
            assertEquals(2, header.fragments());
            assertEquals(
                    new WireFrame.DirectSend(Peers.CONSENSUS, 5, ByteBuffer.wrap(payload, 0, chunk)), header.message());
            assertEquals(
                    new WireFrame.StreamFragment(header.requestId(), 1, ByteBuffer.wrap(payload, chunk, chunk)),
                    nextFrame(peer));
            assertEquals(
                    new WireFrame.StreamFragment(header.requestId(), 2, ByteBuffer.wrap(payload, 2 * chunk, 10)),
                    nextFrame(peer));
        }
    }

    @Test
    default void aStreamFromThePeerIsPutTogetherWithOtherMessagesInBetween(Nodes nodes) throws IOException {
        byte[] payload = Numbered.bytes(4, 2000);
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSendHeader(77, 2, Peers.CONSENSUS, 5, Arrays.copyOfRange(payload, 0, 900)));
            peer.send(WireBytes.directSend(Peers.CONSENSUS, 0, Numbered.bytes(5, 8)));
            peer.send(WireBytes.fragment(77, 1, Arrays.copyOfRange(payload, 900, 1800)));
            peer.send(WireBytes.fragment(77, 2, Arrays.copyOfRange(payload, 1800, 2000)));

            assertEquals(5, Numbered.numberOf(node.nextMessage()));
            assertEquals(ByteBuffer.wrap(payload), node.nextMessage().payload());
        }
    }

    @Test
    default void whatIsNotSupportedIsAnsweredAndTheConnectionStaysOpen(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSend(Peers.MEMPOOL, 0, new byte[3]));
            peer.send(WireBytes.rpcRequest(Peers.HEALTH_CHECKER_RPC, 25, 0, new byte[] {0, 1, 2, 3}));
            peer.send(WireBytes.directSend(Peers.CONSENSUS, 0, Numbered.bytes(6, 8)));

            assertEquals(new WireFrame.DirectSendNotSupported(Peers.MEMPOOL), nextFrame(peer));
            assertEquals(new WireFrame.RpcNotSupported(Peers.HEALTH_CHECKER_RPC), nextFrame(peer));
            assertEquals(6, Numbered.numberOf(node.nextMessage()));
        }
    }

    @Test
    default void aFrameThatCannotBeParsedIsAnsweredWithItsFirstTwoBytesAndTheConnectionStaysOpen(Nodes nodes)
            throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.frame((byte) 9, (byte) 5, (byte) 1));
            peer.send(WireBytes.directSend(Peers.CONSENSUS, 0, Numbered.bytes(7, 8)));

            assertEquals(new WireFrame.ParsingError(9, 5), nextFrame(peer));
            assertEquals(7, Numbered.numberOf(node.nextMessage()));
            assertTrue(Waiting.next(node.violations, "the violation").contains("3 bytes"));
        }
    }

    @Test
    default void errorsAndUnknownResponsesOfThePeerChangeNothing(Nodes nodes) throws IOException {
        Node node = node(nodes);
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.parsingError(9, 5));
            peer.send(WireBytes.directSendNotSupported(Peers.CONSENSUS));
            peer.send(WireBytes.rpcResponse(1, 0, new byte[3]));
            peer.send(WireBytes.directSend(Peers.CONSENSUS, 0, Numbered.bytes(8, 8)));

            assertEquals(8, Numbered.numberOf(node.nextMessage()));
            assertEquals(2, node.violations.size(), () -> "violations: " + node.violations);
        }
    }

    private static byte[] readExactly(Socket socket, int count) throws IOException {
        socket.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        return socket.getInputStream().readNBytes(count);
    }
}
