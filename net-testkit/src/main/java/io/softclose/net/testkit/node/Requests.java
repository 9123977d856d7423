/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.Peers;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Requests of HealthCheckerRpc, and peers over blocking sockets that take and make them. */
final class Requests {
    private Requests() {}

    static Message numbered(int number) {
        return Message.of(ProtocolId.HEALTH_CHECKER_RPC, 3, Numbered.bytes(number, 8));
    }

    /** A peer that has dialled the node, after both handshakes. */
    static WirePeer open(Node node) throws IOException {
        WirePeer peer = Peers.dial(node);
        peer.send(WireBytes.handshake(Peers.CHAIN_ID, Peers.VALIDATOR, Peers.CONSENSUS, Peers.HEALTH_CHECKER_RPC));
        peer.readHandshake();
        return peer;
    }

    static WireFrame nextFrame(WirePeer peer) throws IOException {
        return peer.readFrame().orElseThrow(() -> new AssertionError("the node has ended (expected: a frame)"));
    }

    /** Why a request has no answer, once that is known. */
    static RequestException failureOf(Reply reply) {
        CompletableFuture<Message> future = reply.toCompletableFuture();
        Waiting.await(future.handle((answer, failure) -> true), "the reply");
        CompletionException failed = assertThrows(CompletionException.class, future::join);
        return (RequestException) requireNonNull(failed.getCause(), "cause");
    }
}
