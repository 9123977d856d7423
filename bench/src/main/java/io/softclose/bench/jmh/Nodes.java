/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.DirectSendFrames;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the networks of the benchmarks, and waits for what they promise. */
final class Nodes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Nodes() {}

    /**
     * A network's settings, without its transport.
     *
     * @param policy by name
     * @param outboxMessages the capacity of each lane
     */
    static NetworkBuilder node(String policy, int outboxMessages, MessageHandler handler) {
        return node(policy, limits(outboxMessages), handler);
    }

    /** The default limits, but for the capacity of each lane. */
    static Limits limits(int outboxMessages) {
        return Limits.builder().outboxMessages(outboxMessages).build();
    }

    /** As the other, with these limits. */
    static NetworkBuilder node(String policy, Limits limits, MessageHandler handler) {
        return Network.builder()
                .plaintext()
                .closePolicy(policy)
                .limits(limits)
                .handle(DirectSendFrames.PROTOCOL, handler);
    }

    /** Listens on the loopback interface, on a port of the system's choice. */
    static SocketAddress listen(Network network) throws IOException {
        return network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    /** Dials, and waits until the connection is open. */
    static Connection dial(Network network, SocketAddress remote) throws InterruptedException {
        return await(network.dial(remote).opened());
    }

    /** Closes a network and its transport at once, whatever it still holds. */
    static void shutdown(Network network) throws InterruptedException {
        await(network.shutdown(Duration.ZERO));
    }

    /**
     * Waits for a stage.
     *
     * @throws IllegalStateException if it fails, or has not completed after a minute
     */
    static <T> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not complete after " + PATIENCE, e);
        }
    }
}
