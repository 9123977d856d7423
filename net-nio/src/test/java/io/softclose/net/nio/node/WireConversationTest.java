/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.WireBytes;
import io.softclose.net.testkit.WireFrame;
import io.softclose.net.testkit.WirePeer;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node converses with a peer that shares no code with it, over blocking sockets. */
class WireConversationTest {
    private static final int CHAIN_ID = 4;
    private static final int VALIDATOR = 0;
    private static final int CONSENSUS = 1;
    private static final int MEMPOOL = 2;
    private static final int HEALTH_CHECKER_RPC = 5;
    /** One V1 entry, protocols 1 and 2 as bits of one byte, chain 4, the validators' network; after its length. */
    private static final byte[] HANDSHAKE = HexFormat.of().parseHex("0006" + "0100" + "0160" + "04" + "00");
    /** AptosNet's published vector: a direct-send message "hello world" of MempoolDirectSend. */
    private static final byte[] VECTOR = HexFormat.of().parseHex("00000010" + "000302000b68656c6c6f20776f726c64");

    @RegisterExtension
    private final Nodes nodes = new Nodes();

    private Node node(int maxFrameSize) {
        return nodes.node(builder -> builder.chainId(CHAIN_ID)
                .limits(Limits.builder().maxFrameSize(maxFrameSize).build())
                .support(ProtocolId.MEMPOOL_DIRECT_SEND));
    }

    private Node node() {
        return node(1024);
    }

    /** A peer that dialled the node, after both handshakes. */
    private static WirePeer open(Node node) throws IOException {
        WirePeer peer = WirePeer.dial(node.listen());
        peer.send(WireBytes.handshake(CHAIN_ID, VALIDATOR, CONSENSUS, MEMPOOL, HEALTH_CHECKER_RPC));
        peer.readHandshake();
        return peer;
    }

    private static WireFrame nextFrame(WirePeer peer) throws IOException {
        Optional<WireFrame> frame = peer.readFrame();
        return frame.orElseThrow(() -> new AssertionError("the node has ended (expected: a frame)"));
    }

    @Test
    void anAcceptingNodeSendsItsHandshakeUnaskedByteForByte() throws IOException {
        try (Socket peer = new Socket()) {
            peer.connect(node().listen());

            assertArrayEquals(HANDSHAKE, readExactly(peer, HANDSHAKE.length));
        }
    }

    @Test
    void aDiallingNodeSendsItsHandshakeUnaskedByteForByte() throws IOException {
        try (RawListener listener = new RawListener()) {
            Connection connection = node().network().dial(listener.address());
            try (Socket peer = listener.accept()) {
                assertArrayEquals(HANDSHAKE, readExactly(peer, HANDSHAKE.length));

                peer.getOutputStream().write(HANDSHAKE);

                assertEquals(
                        Set.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.MEMPOOL_DIRECT_SEND),
                        Await.of(connection.opened(), "the connection").protocols());
            }
        }
    }

    @Test
    void thePublishedVectorIsWhatANodeSends() throws IOException {
        Node node = node();
        try (WirePeer peer = open(node)) {
            byte[] payload = "hello world".getBytes(StandardCharsets.US_ASCII);

            node.nextConnection().send(Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, payload));

            assertArrayEquals(VECTOR, readExactly(peer.socket(), VECTOR.length));
        }
    }

    @Test
    void thePublishedVectorIsUnderstood() throws IOException {
        Node node = nodes.node(builder -> builder.handle(
                ProtocolId.MEMPOOL_DIRECT_SEND,
                (connection, message) ->
                        connection.send(Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 9, message.payload()))));
        try (WirePeer peer = open(node)) {
            peer.send(VECTOR);

            WireFrame.DirectSend echo = (WireFrame.DirectSend) nextFrame(peer);
            assertEquals(
                    "hello world",
                    StandardCharsets.US_ASCII.decode(echo.payload()).toString());
            assertEquals(CONSENSUS, echo.protocol());
            assertEquals(9, echo.priority());
        }
    }

    @Test
    void messagesGoBothWays() throws IOException {
        Node node = node();
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSend(CONSENSUS, 200, Payloads.bytes(1, 100)));
            Message received = node.nextMessage();
            node.nextConnection().send(Message.of(Node.PROTOCOL, 7, Payloads.bytes(2, 100)));

            assertEquals(200, received.priority());
            assertEquals(ByteBuffer.wrap(Payloads.bytes(1, 100)), received.payload());
            assertEquals(
                    new WireFrame.DirectSend(CONSENSUS, 7, ByteBuffer.wrap(Payloads.bytes(2, 100))), nextFrame(peer));
        }
    }

    @Test
    void aLargeMessageIsStreamedInChunksOfTheFrameLimitLess64Bytes() throws IOException {
        int chunk = 1024 - 64;
        byte[] payload = Payloads.bytes(3, 2 * chunk + 10);
        Node node = node();
        try (WirePeer peer = open(node)) {
            node.nextConnection().send(Message.of(Node.PROTOCOL, 5, payload));

            WireFrame.StreamHeader header = (WireFrame.StreamHeader) nextFrame(peer);
            assertEquals(2, header.fragments());
            assertEquals(new WireFrame.DirectSend(CONSENSUS, 5, ByteBuffer.wrap(payload, 0, chunk)), header.message());
            assertEquals(
                    new WireFrame.StreamFragment(header.requestId(), 1, ByteBuffer.wrap(payload, chunk, chunk)),
                    nextFrame(peer));
            assertEquals(
                    new WireFrame.StreamFragment(header.requestId(), 2, ByteBuffer.wrap(payload, 2 * chunk, 10)),
                    nextFrame(peer));
        }
    }

    @Test
    void aStreamFromThePeerIsPutTogetherWithOtherMessagesInBetween() throws IOException {
        byte[] payload = Payloads.bytes(4, 2000);
        Node node = node();
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSendHeader(77, 2, CONSENSUS, 5, Arrays.copyOfRange(payload, 0, 900)));
            peer.send(WireBytes.directSend(CONSENSUS, 0, Payloads.bytes(5, 8)));
            peer.send(WireBytes.fragment(77, 1, Arrays.copyOfRange(payload, 900, 1800)));
            peer.send(WireBytes.fragment(77, 2, Arrays.copyOfRange(payload, 1800, 2000)));

            assertEquals(5, Payloads.numberOf(node.nextMessage()));
            assertEquals(ByteBuffer.wrap(payload), node.nextMessage().payload());
        }
    }

    @Test
    void whatIsNotSupportedIsAnsweredAndTheConnectionStaysOpen() throws IOException {
        Node node = node();
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.directSend(MEMPOOL, 0, new byte[3]));
            peer.send(WireBytes.rpcRequest(HEALTH_CHECKER_RPC, 25, 0, new byte[] {0, 1, 2, 3}));
            peer.send(WireBytes.directSend(CONSENSUS, 0, Payloads.bytes(6, 8)));

            assertEquals(new WireFrame.DirectSendNotSupported(MEMPOOL), nextFrame(peer));
            assertEquals(new WireFrame.RpcNotSupported(HEALTH_CHECKER_RPC), nextFrame(peer));
            assertEquals(6, Payloads.numberOf(node.nextMessage()));
        }
    }

    @Test
    void aFrameThatCannotBeParsedIsAnsweredWithItsFirstTwoBytesAndTheConnectionStaysOpen() throws IOException {
        Node node = node();
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.frame((byte) 9, (byte) 5, (byte) 1));
            peer.send(WireBytes.directSend(CONSENSUS, 0, Payloads.bytes(7, 8)));

            assertEquals(new WireFrame.ParsingError(9, 5), nextFrame(peer));
            assertEquals(7, Payloads.numberOf(node.nextMessage()));
            assertTrue(Await.next(node.violations, "the violation").contains("3 bytes"));
        }
    }

    @Test
    void errorsAndUnknownResponsesOfThePeerChangeNothing() throws IOException {
        Node node = node();
        try (WirePeer peer = open(node)) {
            peer.send(WireBytes.parsingError(9, 5));
            peer.send(WireBytes.directSendNotSupported(CONSENSUS));
            peer.send(WireBytes.rpcResponse(1, 0, new byte[3]));
            peer.send(WireBytes.directSend(CONSENSUS, 0, Payloads.bytes(8, 8)));

            assertEquals(8, Payloads.numberOf(node.nextMessage()));
            assertEquals(2, node.violations.size(), () -> "violations: " + node.violations);
        }
    }

    private static byte[] readExactly(Socket socket, int count) throws IOException {
        socket.setSoTimeout((int) Await.SAFETY_NET.toMillis());
        return socket.getInputStream().readNBytes(count);
    }
}
