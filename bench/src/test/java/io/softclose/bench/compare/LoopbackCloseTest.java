/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.Availability;
import io.softclose.bench.Payloads;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Transport;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Graceful closes between two nodes over loopback, on every transport, with socket buffers that hold a fraction of what
 * is sent; a ledger at both ends has every message.
 */
class LoopbackCloseTest {
    private static final int MESSAGES = 100_000;
    private static final int SIZE = 32;
    private final Ledger sent = new Ledger();
    private final Ledger talk = new Ledger();
    private final End closing = new End(talk, MESSAGES);
    /** Has so little room that it is soon done once it is told to end. */
    private final End other = new End(sent, 1_000);

    @AfterEach
    void stop() {
        closing.stop();
        other.stop();
    }

    @ParameterizedTest
    @EnumSource
    void aHundredThousandQueuedMessagesAreDeliveredInOrderThroughAGracefulClose(AnyTransport transport)
            throws Exception {
        connect(transport);
        queue();

        CloseReport report = await(closing.connection().close());

        await(other.connection().closed());
        assertEquals(List.of(), sent.audit(report).faults());
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(MESSAGES, sent.audit(report).delivered());
        assertEquals(List.of(), List.copyOf(other.disorder));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostInEitherDirectionWhileThePeerKeepsSending(AnyTransport transport) throws Exception {
        connect(transport);
        CountDownLatch talking = new CountDownLatch(1);
        Thread talker = new Thread(() -> talkUntilRefused(talking), "talking-peer");
        talker.start();
        assertTrue(talking.await(30, TimeUnit.SECONDS), "the peer does not talk");
        queue();

        CloseReport report = await(closing.connection().close());

        CloseReport others = await(other.connection().closed());
        talker.join(TimeUnit.SECONDS.toMillis(60));
        assertFalse(talker.isAlive(), "the peer still talks");
        assertEquals(List.of(), sent.audit(report).faults());
        assertEquals(CloseEnding.CLEAN, report.ending());
        assertEquals(MESSAGES, sent.audit(report).delivered());
        assertEquals(List.of(), talk.audit(others).faults());
        assertEquals(others.account().total().accepted(), talk.audit(others).delivered());
        assertEquals(List.of(), List.copyOf(closing.disorder));
    }

    private void connect(AnyTransport transport) throws Exception {
        Availability.require(transport);
        closing.start(transport);
        other.start(transport);
        closing.network().dial(other.listen());
        await(closing.opened);
        await(other.opened);
    }

    private void queue() {
        for (int sequence = 0; sequence < MESSAGES; sequence++) {
            assertEquals(SendResult.ACCEPTED, send(closing, sent, sequence));
        }
    }

    private void talkUntilRefused(CountDownLatch talking) {
        int sequence = 0;
        SendResult result = SendResult.ACCEPTED;
        while (result.accepted() || result == SendResult.OUTBOX_FULL) {
            result = send(other, talk, sequence);
            if (result.accepted()) {
                sequence++;
            } else {
                Thread.onSpinWait();
            }
            talking.countDown();
        }
    }

    private static SendResult send(End end, Ledger ledger, int sequence) {
        Message message = Message.of(Scenario.PROTOCOL, 0, Payloads.of(sequence, SIZE));
        SendResult result = end.connection().send(message, ledger::told);
        if (result.accepted()) {
            ledger.accepted(sequence);
        }
        return result;
    }

    /** The limit only lets a failing test end. */
    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** One node, and its one connection. */
    private static final class End implements NetworkEvents {
        final CompletableFuture<Connection> opened = new CompletableFuture<>();
        /** Numbers that came before their turn. */
        final ConcurrentLinkedQueue<Integer> disorder = new ConcurrentLinkedQueue<>();

        private final Ledger arrivals;
        private final int outbox;
        private final CompletableFuture<Network> network = new CompletableFuture<>();
        private final CompletableFuture<Transport> transport = new CompletableFuture<>();
        /** Loop only. */
        private int next;

        End(Ledger arrivals, int outbox) {
            this.arrivals = arrivals;
            this.outbox = outbox;
        }

        void start(AnyTransport kind) {
            transport.complete(kind.open(AnyTransport.SMALL_BUFFER));
            network.complete(Network.builder()
                    .plaintext()
                    .transport(transport.join())
                    .limits(Limits.builder().outboxMessages(outbox).build())
                    .closePolicy(patient())
                    .handle(Scenario.PROTOCOL, this::received)
                    .events(this)
                    .build());
        }

        /** A policy with enough time for every close that does not hang. */
        private static GracefulPolicy patient() {
            return GracefulPolicy.builder()
                    .drainTimeout(Duration.ofMinutes(5))
                    .finishTimeout(Duration.ofMinutes(5))
                    .stallTimeout(Duration.ofMinutes(5))
                    .build();
        }

        Network network() {
            return network.join();
        }

        Connection connection() {
            return opened.join();
        }

        InetSocketAddress listen() throws IOException {
            return (InetSocketAddress) network()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .localAddress();
        }

        private void received(Connection from, Message message) {
            arrivals.arrived(message);
            int sequence = Payloads.sequence(message);
            if (sequence != next) {
                disorder.add(sequence);
            }
            next = sequence + 1;
        }

        @Override
        public void connected(Connection connection) {
            opened.complete(connection);
        }

        void stop() {
            if (network.isDone()) {
                CellRunner.stop(network());
                transport.join().close();
            }
        }
    }
}
