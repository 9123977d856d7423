/* SPDX-License-Identifier: Apache-2.0 */
package assembled;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.Providers;
import io.softclose.net.guice.NetworkModule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * An application with two networks in one injector, {@code alice} and {@code bob}: alice sends to bob and closes. When
 * all is shut down the JVM ends by itself, or a thread has been left.
 */
public final class Node {
    private final Network alice;
    private final Network bob;
    private final Printing printing;

    @Inject
    public Node(@Named("alice") Network alice, @Named("bob") Network bob, Printing printing) {
        this.alice = alice;
        this.bob = bob;
        this.printing = printing;
    }

    static NetworkModule.Builder alice() {
        return NetworkModule.builder().name("alice").with(NetworkBuilder::plaintext).support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }

    static NetworkModule.Builder bob() {
        return NetworkModule.builder().name("bob").with(NetworkBuilder::plaintext).handle(ProtocolId.MEMPOOL_DIRECT_SEND, Printing.class);
    }

    void run() throws Exception {
        System.out.println("named module: " + Network.class.getModule().isNamed());
        System.out.println("transports found: " + Providers.transportNames());
        System.out.println("close policies found: " + Providers.closePolicyNames());
        SocketAddress address = bob.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
        Connection connection =
                alice.dial(bob.peerId(), address).opened().toCompletableFuture().join();
        Message hello = Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, "hello".getBytes(StandardCharsets.UTF_8));
        if (!connection.send(hello).accepted()) {
            throw new IllegalStateException("not accepted: " + hello);
        }
        Connection bobs = printing.had.join();
        CompletableFuture<CloseReport> bobsReport = bobs.closed().toCompletableFuture();
        CloseReport report = connection.close().toCompletableFuture().join();
        System.out.println("alice: " + report.policy() + " " + report.ending());
        alice.shutdown().toCompletableFuture().join();
        bob.shutdown().toCompletableFuture().join();
        System.out.println("bob: " + bobsReport.join().policy());
    }

    /** Bob's handler. */
    @Singleton
    public static final class Printing implements MessageHandler {
        private final CompletableFuture<Connection> had = new CompletableFuture<>();

        @Inject
        public Printing() {}

        @Override
        public void onMessage(Connection connection, Message message) {
            System.out.println("bob has " + message);
            had.complete(connection);
        }
    }
}
