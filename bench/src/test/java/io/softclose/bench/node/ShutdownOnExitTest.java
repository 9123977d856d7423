/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.lab.ChildProcess;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process that just exits, while its network has messages to send: the network shuts down first. */
class ShutdownOnExitTest {
    private static final int MESSAGES = 10_000;

    @Test
    void theExitWaitsUntilTheNetworkHasShutDown() {
        try (ChildProcess process = ChildProcess.start("exiting", ChildProcess.java(Exiting.class))) {
            assertEquals("" + MESSAGES, process.await("CLEAN"));
        }
    }

    /** Sends from one network to another, and exits. */
    static final class Exiting {
        private static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;
        private static final Duration BUDGET = Duration.ofSeconds(20);

        private Exiting() {}

        public static void main(String[] args) throws IOException {
            Network receiving = network().build();
            SocketAddress address = receiving
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .localAddress();
            Network sending =
                    network().shutdownOnExit(BUDGET).events(new Printing()).build();
            Connection connection =
                    sending.dial(address).opened().toCompletableFuture().join();
            for (int i = 0; i < MESSAGES; i++) {
                if (!connection.send(Message.of(PROTOCOL, 0, new byte[1_000])).accepted()) {
                    throw new IllegalStateException("refused");
                }
            }
            System.exit(0);
        }

        private static NetworkBuilder network() {
            return Network.builder()
                    .plaintext()
                    .transport("nio")
                    .closePolicy("graceful")
                    .limits(Limits.builder().outboxMessages(MESSAGES).build())
                    .handle(PROTOCOL, (connection, message) -> {});
        }

        private static final class Printing implements NetworkEvents {
            @Override
            public void disconnected(Connection connection, CloseReport report) {
                System.out.println(report.ending() + " " + report.account().count(Outcome.WRITTEN));
            }
        }
    }
}
