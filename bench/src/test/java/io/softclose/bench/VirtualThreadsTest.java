/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Virtual threads wait for room and for reports as other threads do, and handlers may run on them. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
    private static final ProtocolId PROTOCOL = ProtocolId.MEMPOOL_DIRECT_SEND;
    private static final int SENDERS = 1_000;
    private static final int MESSAGES_OF_EACH = 10;
    /** As many as may be in flight, far fewer than there are messages. */
    private static final int REQUESTS = 100;

    private final AtomicInteger handled = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    void aThousandOfThemSendThroughATinyOutboxAndNothingIsLost(AnyTransport kind) throws Exception {
        Availability.require(kind);
        ExecutorService senders = virtualThreads();
        try (Transport transport = kind.open(AnyTransport.DEFAULT_BUFFER)) {
            Connection connection = connect(transport);

            List<Future<SendResult>> results = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                results.add(senders.submit(() -> sendAll(connection)));
            }
            for (Future<SendResult> result : results) {
                assertEquals(SendResult.ACCEPTED, result.get(60, TimeUnit.SECONDS));
            }
            CloseReport report = senders.submit(
                            () -> connection.close().toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .get(60, TimeUnit.SECONDS);

            assertTrue(report.clean(), report.toString());
            assertEquals(SENDERS * MESSAGES_OF_EACH, report.account().count(Outcome.WRITTEN));
            assertEquals(SENDERS * MESSAGES_OF_EACH, handled.get());
        } finally {
            senders.shutdownNow();
        }
    }

    /** The handlers block now and then, each for one that another thread has to end. */
    @ParameterizedTest
    @EnumSource
    void theyHandleMessagesInTheirOrderAndAnswerRequests(AnyTransport kind) throws Exception {
        Availability.require(kind);
        ExecutorService threads = virtualThreads();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (Transport transport = kind.open(AnyTransport.DEFAULT_BUFFER)) {
            Connection connection = connect(
                    transport,
                    REQUESTS,
                    bob -> bob.handle(
                                    PROTOCOL,
                                    (from, message) -> {
                                        blockNowAndThen(order.size());
                                        order.add(message.payload().getInt(0));
                                    },
                                    threads)
                            .answer(
                                    PROTOCOL,
                                    (from, request) -> {
                                        blockNowAndThen(0);
                                        return request;
                                    },
                                    threads));

            List<Future<Message>> answers = new ArrayList<>();
            for (int asked = 0; asked < REQUESTS; asked++) {
                answers.add(connection
                        .request(Message.of(PROTOCOL, 0, Payloads.of(asked, 100)), Duration.ofSeconds(60))
                        .toCompletableFuture());
            }
            for (int sent = 0; sent < SENDERS; sent++) {
                assertEquals(
                        SendResult.ACCEPTED,
                        connection.sendBlocking(
                                Message.of(PROTOCOL, 0, Payloads.of(sent, 100)), Duration.ofSeconds(60)));
            }
            for (int asked = 0; asked < REQUESTS; asked++) {
                assertEquals(
                        asked,
                        answers.get(asked).get(60, TimeUnit.SECONDS).payload().getInt(0));
            }
            CloseReport report = connection.close().toCompletableFuture().get(60, TimeUnit.SECONDS);

            assertTrue(report.clean(), report.toString());
            // Our clean end says that the peer's handlers are done.
            assertEquals(IntStream.range(0, SENDERS).boxed().toList(), order);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void blockNowAndThen(int number) throws InterruptedException, ExecutionException {
        if (number % 100 == 0) {
            CompletableFuture.runAsync(() -> {}).get();
        }
    }

    private Connection connect(Transport transport) throws Exception {
        return connect(transport, 4, bob -> bob.handle(PROTOCOL, (connection, message) -> handled.incrementAndGet()));
    }

    private static Connection connect(Transport transport, int outbox, UnaryOperator<NetworkBuilder> handling)
            throws Exception {
        Network bob = handling.apply(
                        Network.builder().plaintext().transport(transport).closePolicy("graceful"))
                .build();
        Network alice = Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy("graceful")
                .limits(Limits.builder().outboxMessages(outbox).build())
                .support(PROTOCOL)
                .build();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Connection connection = alice.dial(bob.listen(any).localAddress());
        return connection.opened().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static SendResult sendAll(Connection connection) throws InterruptedException {
        SendResult result = SendResult.ACCEPTED;
        for (int message = 0; message < MESSAGES_OF_EACH && result.accepted(); message++) {
            result =
                    connection.sendBlocking(Message.of(PROTOCOL, 0, Payloads.of(message, 100)), Duration.ofSeconds(60));
        }
        return result;
    }

    /** Executors' of JDK 21, which JDK 17 that this is compiled for does not have. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
