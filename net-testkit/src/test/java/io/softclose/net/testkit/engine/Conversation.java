/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.DirectSend;
import io.softclose.net.testkit.wire.WireFrame.StreamFragment;
import io.softclose.net.testkit.wire.WireFrame.StreamHeader;
import io.softclose.net.testkit.wire.WireParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection of the node, and the peer at the other end of its link. */
final class Conversation {
    /** One that the node agrees with. */
    static final byte[] HANDSHAKE = WireBytes.handshake(Node.CHAIN_ID, Node.VALIDATOR, Messages.PROTOCOL.id());

    final Connection connection;
    final FakeLink link;
    final Outcomes outcomes = new Outcomes();

    private final WireParser parser = new WireParser();

    Conversation(Connection connection, FakeLink link) {
        this.connection = connection;
        this.link = link;
    }

    // Our end.

    /** Sends, without running the loop. */
    SendResult send(Message message) {
        SendResult result = connection.send(message, outcomes);
        if (result.accepted()) {
            outcomes.accepted();
        }
        return result;
    }

    /** Sends messages that must all be accepted, without running the loop. */
    void sendAll(Message... messages) {
        for (Message message : messages) {
            assertEquals(SendResult.ACCEPTED, send(message), () -> Messages.labelOf(message));
        }
    }

    boolean isClosed() {
        return connection.closed().toCompletableFuture().isDone();
    }

    /** The report of the connection, which must be closed. */
    CloseReport report() {
        assertTrue(isClosed(), () -> "state " + connection.state() + " (expected: CLOSED)");
        return connection.closed().toCompletableFuture().join();
    }

    /** The labels of the returned messages, with their outcomes. */
    List<String> returned() {
        return report().returned().stream().map(Conversation::describe).toList();
    }

    // The peer.

    /** Sends a handshake that the node agrees with, and runs the loop. */
    void peerShakesHands() {
        peerSends(HANDSHAKE);
    }

    /** Sends bytes, delivered in one piece, and runs the loop. */
    void peerSends(byte... bytes) {
        link.read(bytes);
        link.loop().runReady();
    }

    void peerSendsMessage(String label) {
        peerSends(frameOf(label));
    }

    static byte[] frameOf(String label) {
        return WireBytes.directSend(Messages.PROTOCOL.id(), 0, label.getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends the peer's direction (FIN), and runs the loop. */
    void peerEnds() {
        link.inputClosed();
        link.loop().runReady();
    }

    /** Lets the peer's kernel take this many bytes more, and runs the loop. */
    void peerTakes(long bytes) {
        link.room(bytes);
        link.loop().runReady();
    }

    WireParser.Handshake receivedHandshake() {
        parser.feed(link.takeReceived());
        return parser.handshake().orElseThrow();
    }

    /** The complete frames that the peer has received since this was last asked. */
    List<WireFrame> receivedFrames() {
        parser.feed(link.takeReceived());
        return parser.takeFrames();
    }

    /**
     * The labels of the messages that the peer has received since this was last asked, in the order of their last bytes.
     * Those of a stream that was given up are not among them. Fails on a fragment out of order, or anything but messages.
     */
    List<String> received() {
        return assemble(receivedFrames());
    }

    /** How many bytes of an incomplete frame the peer has received. */
    int receivedPartly() {
        return parser.incompleteBytes();
    }

    static List<String> assemble(List<WireFrame> frames) {
        List<String> labels = new ArrayList<>();
        StreamHeader header = null;
        StringBuilder label = new StringBuilder();
        int next = 1;
        for (WireFrame frame : frames) {
            if (frame instanceof DirectSend message) {
                labels.add(Messages.labelOf(message.payload()));
            } else if (frame instanceof StreamHeader begun) {
                // It may replace an unfinished stream, which the sender has given up.
                header = begun;
                next = 1;
                label.setLength(0);
                label.append(Messages.labelOf(payloadOf(begun)));
            } else if (frame instanceof StreamFragment fragment && header != null) {
                assertEquals(header.requestId(), fragment.requestId(), "request id of a fragment");
                assertEquals(next++, fragment.fragmentId(), "fragment id");
                label.append(Messages.labelOf(fragment.chunk()));
                if (fragment.fragmentId() == header.fragments()) {
                    labels.add(label.toString());
                    header = null;
                }
            } else {
                throw new AssertionError("unexpected: " + frame + " in " + frames);
            }
        }
        return labels;
    }

    private static ByteBuffer payloadOf(StreamHeader header) {
        return ((DirectSend) header.message()).payload();
    }

    private static String describe(ReturnedMessage returned) {
        return Messages.labelOf(returned.message()) + " " + returned.outcome();
    }
}
