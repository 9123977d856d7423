/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Peers over blocking sockets, and what they say and hear. */
public final class Peers {
    /** Any, the same as a network's by default. */
    public static final int CHAIN_ID = 4;
    /** AptosNet's number of the validators' network. */
    public static final int VALIDATOR = 0;
    /** AptosNet's number of {@link Node#PROTOCOL}. */
    public static final int CONSENSUS = 1;
    /** AptosNet's number of MempoolDirectSend. */
    public static final int MEMPOOL = 2;
    /** AptosNet's number of HealthCheckerRpc. */
    public static final int HEALTH_CHECKER_RPC = 5;

    private Peers() {}

    /** The handshake of a peer that supports {@link Node#PROTOCOL}. */
    public static byte[] handshake() {
        return WireBytes.handshake(CHAIN_ID, VALIDATOR, CONSENSUS);
    }

    /** A direct-send frame with the payload of a numbered message. */
    public static byte[] numbered(int number, int size) {
        return WireBytes.directSend(CONSENSUS, 0, Numbered.bytes(number, size));
    }

    /** A peer that has dialled the node, and said nothing yet. */
    public static WirePeer dial(Node node) throws IOException {
        Socket below = connect(node);
        try {
            return new WirePeer(below, node.layer().dialled(below));
        } catch (IOException failure) {
            below.close();
            throw failure;
        }
    }

    /** A socket with which a peer has dialled the node, to be used as it is or with the node's {@link Node#layer} over it. */
    public static Socket connect(Node node) throws IOException {
        InetSocketAddress address = node.listen();
        return new Socket(address.getAddress(), address.getPort());
    }

    /** A peer that has dialled the node, after both handshakes. */
    public static WirePeer open(Node node) throws IOException {
        WirePeer peer = dial(node);
        peer.send(handshake());
        peer.readHandshake();
        return peer;
    }

    /** The next message's number; empty after the last, when the node has ended its direction. */
    public static Optional<Integer> nextNumber(WirePeer peer) throws IOException {
        return peer.readFrame().map(frame -> Numbered.numberOf(((WireFrame.DirectSend) frame).payload()));
    }

    /** The numbers of the next messages. */
    public static List<Integer> readNumbers(WirePeer peer, int count) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            numbers.add(nextNumber(peer).orElseThrow());
        }
        return numbers;
    }

    /** The numbers of all messages until the node ends its direction. */
    public static List<Integer> readNumbers(WirePeer peer) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Optional<Integer> next = nextNumber(peer); next.isPresent(); next = nextNumber(peer)) {
            numbers.add(next.get());
        }
        return numbers;
    }
}
