/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.testkit.wire.WireParser.Handshake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The base wire of the tests, against the published vectors and against itself. */
class WirePeerTest {
    private static final byte[] HELLO = "hello world".getBytes(US_ASCII);

    private final WireParser parser = new WireParser();

    @Test
    void writesAptosNetsDirectSendVector() {
        assertBytes("00000010 00 03 02 00 0b 68656c6c6f20776f726c64", WireBytes.directSend(2, 0, HELLO));
    }

    @Test
    void writesAptosNetsRequestVector() {
        assertBytes("0000000d 00 01 00 19000000 00 04 00010203", WireBytes.rpcRequest(0, 25, 0, payload(0, 1, 2, 3)));
    }

    @Test
    void writesAptosNetsErrorVector() {
        assertBytes("00000005 00 00 00 09 05", WireBytes.parsingError(9, 5));
    }

    @Test
    void readsWhatItIsSentByteByByte() {
        parseByteByByte(
                WireBytes.handshake(4, 0, 1, 5, 28),
                WireBytes.directSend(2, 7, HELLO),
                WireBytes.rpcRequest(5, 0x01020304, 8, payload(1)),
                WireBytes.rpcResponse(-1, 9, payload(2)),
                WireBytes.parsingError(9, 255),
                WireBytes.rpcNotSupported(3),
                WireBytes.directSendNotSupported(4),
                WireBytes.directSendHeader(6, 2, 1, 200, payload(1, 2)),
                WireBytes.fragment(6, 1, payload(3)),
                WireBytes.fragment(6, 2, payload()));

        assertEquals(Optional.of(new Handshake(Set.of(1, 5, 28), 4, 0, "")), parser.handshake());
        assertEquals(
                List.of(
                        new WireFrame.DirectSend(2, 7, ByteBuffer.wrap(HELLO)),
                        new WireFrame.RpcRequest(5, 0x01020304, 8, buffer(1)),
                        new WireFrame.RpcResponse(-1, 9, buffer(2)),
                        new WireFrame.ParsingError(9, 255),
                        new WireFrame.RpcNotSupported(3),
                        new WireFrame.DirectSendNotSupported(4),
                        new WireFrame.StreamHeader(6, 2, new WireFrame.DirectSend(1, 200, buffer(1, 2))),
                        new WireFrame.StreamFragment(6, 1, buffer(3)),
                        new WireFrame.StreamFragment(6, 2, buffer())),
                parser.takeFrames());
        assertEquals(List.of(), parser.takeFrames());
        assertEquals(0, parser.incompleteBytes());
    }

    @Test
    void protocolBitsAreCountedFromTheLeft() {
        // length, one version, V1, three bytes of bits: 1, 9 and 16, chain id 4, validator
        assertBytes("0008 01 00 03 404080 04 00", WireBytes.handshake(4, 0, 1, 9, 16));
    }

    @Test
    void aPrivateNetworkHasAName() {
        parser.feed(WireBytes.privateHandshake(200, "lab", 255));

        assertEquals(Optional.of(new Handshake(Set.of(255), 200, 2, "lab")), parser.handshake());
    }

    @Test
    void longPayloadsHaveLongCounts() {
        byte[] payload = new byte[300];
        Arrays.fill(payload, (byte) 7);

        byte[] frame = WireBytes.directSend(2, 0, payload);

        assertBytes("00000132 00 03 02 00 ac02", Arrays.copyOf(frame, 10));
        parser.feed(WireBytes.handshake(4, 0, 2));
        parser.feed(frame);
        assertEquals(List.of(new WireFrame.DirectSend(2, 0, ByteBuffer.wrap(payload))), parser.takeFrames());
    }

    @Test
    void whatIsNoAptosNetFails() {
        parser.feed(WireBytes.handshake(4, 0, 2));

        for (byte[] content :
                List.of(payload(2), payload(0, 4), payload(0, 0, 2), payload(0, 0, 1, 2), payload(1, 2))) {
            assertThrows(AssertionError.class, () -> parser.feed(WireBytes.frame(content)));
        }
        assertThrows(AssertionError.class, () -> new WireParser().feed(payload(0, 2, 1, 1)));
    }

    @Test
    void bytesAfterTheValueFail() {
        parser.feed(WireBytes.handshake(4, 0, 2));

        assertThrows(AssertionError.class, () -> parser.feed(WireBytes.frame(payload(0, 0, 0, 9, 5, 0))));
    }

    @Test
    void aLengthThatNoTestSendsFails() {
        parser.feed(WireBytes.handshake(4, 0, 2));

        assertThrows(AssertionError.class, () -> parser.feed(WireBytes.frameLength(-1)));
    }

    @Test
    void twoPeersConverseOverASocketUntilTheirEnds() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WirePeer dialling = WirePeer.dial((InetSocketAddress) server.getLocalSocketAddress());
                WirePeer accepted = new WirePeer(server.accept())) {
            dialling.send(WireBytes.handshake(4, 0, 2));
            dialling.send(WireBytes.directSend(2, 0, HELLO));
            dialling.endOutput();

            assertEquals(new Handshake(Set.of(2), 4, 0, ""), accepted.readHandshake());
            assertEquals(Optional.of(new WireFrame.DirectSend(2, 0, ByteBuffer.wrap(HELLO))), accepted.readFrame());
            assertEquals(Optional.empty(), accepted.readFrame());

            accepted.send(WireBytes.handshake(4, 0, 3));
            accepted.reset();
            assertThrows(SocketException.class, () -> {
                dialling.readHandshake();
                dialling.readFrame();
            });
        }
    }

    @Test
    void anEndInTheMiddleFails() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WirePeer dialling = WirePeer.dial((InetSocketAddress) server.getLocalSocketAddress());
                WirePeer accepted = new WirePeer(server.accept())) {
            dialling.send(WireBytes.handshake(4, 0, 2));
            dialling.send(WireBytes.frameLength(10));
            dialling.endOutput();

            accepted.readHandshake();
            assertThrows(AssertionError.class, accepted::readFrame);
            assertThrows(AssertionError.class, () -> {
                accepted.endOutput();
                dialling.readHandshake();
            });
        }
    }

    private void parseByteByByte(byte[]... parts) {
        Stream.of(parts).forEach(part -> {
            for (byte single : part) {
                parser.feed(new byte[] {single});
            }
        });
    }

    private static void assertBytes(String expectedHex, byte[] actual) {
        HexFormat hex = HexFormat.of();
        assertEquals(expectedHex.replace(" ", ""), hex.formatHex(actual));
    }

    private static byte[] payload(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static ByteBuffer buffer(int... values) {
        return ByteBuffer.wrap(payload(values));
    }
}
