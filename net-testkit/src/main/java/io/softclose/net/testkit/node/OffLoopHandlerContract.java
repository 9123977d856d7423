/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.MessageHandler;
import io.softclose.net.ShutdownReport;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.node.peer.Talker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers that block on an executor; part of {@link NodeContract}. */
public interface OffLoopHandlerContract {
    /** More than a link of any transport hands on at a time. */
    int MOST_OF_ONE_READ = 256 * 1024;

    /** The blocked handler waits for a message that only the loop that it must not block can bring. */
    @Test
    default void aHandlerThatBlocksHoldsUpNoOtherConnectionOfItsLoop(Nodes nodes) throws Exception {
        CountDownLatch otherCame = new CountDownLatch(1);
        MessageHandler blocking = (connection, message) -> {
            if (Numbered.numberOf(message) == 0) {
                Waiting.await(otherCame, "the other connection's message");
            } else {
                otherCame.countDown();
            }
        };
        withExecutor(executor -> {
            Node receiver = nodes.node(
                    nodes.transportOfOneLoop(), builder -> builder.handle(Node.PROTOCOL, blocking, executor));
            Node sender = nodes.node();
            Connection first = Nodes.connect(sender, receiver).dialled();
            Connection second = Nodes.connect(sender, receiver).dialled();

            assertTrue(first.send(Numbered.message(0, 100)).accepted());
            assertTrue(second.send(Numbered.message(1, 100)).accepted());

            assertTrue(Waiting.await(first.close(), "the close").clean());
            assertTrue(Waiting.await(second.close(), "the close").clean());
        });
    }

    @Test
    default void aFloodIsHandledInItsOrderByHandlersThatAreFullAllTheTime(Nodes nodes) throws Exception {
        int messages = 20_000;
        withExecutor(executor -> {
            Node keeping = nodes.node();
            Node receiver = nodes.node(builder -> builder.limits(
                            Limits.builder().handlerMessages(8).build())
                    .handle(Node.PROTOCOL, (connection, message) -> keeping.keep(message), executor));
            Node flooding = nodes.node(builder -> builder.limits(Nodes.outboxOf(messages)));
            Nodes.Pair pair = Nodes.connect(flooding, receiver);
            Numbered.sendAll(pair.dialled(), messages, 100);

            CloseReport report = Waiting.await(pair.dialled().close(), "the close");

            assertTrue(report.clean(), report::toString);
            // Our end came after all were handled, so they are there now.
            assertEquals(Numbered.upTo(messages), Numbered.numbersOf(keeping.takeReceived()));
        });
    }

    /** Exactly: what the kernels hold for a receiver that rests is not with its handlers. */
    @Test
    default void aSenderThatNeverStopsFillsHandlersToTheirBoundAndNoMore(Nodes nodes) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        withExecutor(executor -> {
            Node receiver =
                    flooded(nodes, (connection, message) -> Waiting.await(goOn, "the end of the test"), executor);

            ShutdownReport shutdown = Waiting.await(receiver.network().shutdown(Duration.ZERO), "the shutdown");
            goOn.countDown();

            assertEquals(Limits.defaults().handlerMessages(), shutdown.unhandled());
        });
    }

    /** Its message at hand, and what the connection holds besides: 64 KiB, and what one read brings. */
    @Test
    default void aSenderThatNeverStopsIsHeldWithinTheBoundInBytes(Nodes nodes) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountedInput counted = new CountedInput(nodes.transport());
        int size = 100_000;
        withExecutor(executor -> {
            Node receiver = nodes.node(
                    counted,
                    builder -> builder.handle(
                            Node.PROTOCOL,
                            (connection, message) -> Waiting.await(goOn, "the end of the test"),
                            executor));
            flood(nodes, receiver, size);

            long held = counted.bytes();
            var shutdown = receiver.network().shutdown(Duration.ZERO);
            goOn.countDown();
            Waiting.await(shutdown, "the shutdown");

            long most = Limits.defaults().handlerBytes() + size + 64 * 1024 + MOST_OF_ONE_READ;
            assertTrue(held >= Limits.defaults().handlerBytes(), () -> held + " bytes were read");
            assertTrue(held <= most, () -> held + " bytes were read (expected: " + most + " at most)");
        });
    }

    @Test
    default void whatHandlersHaveWhenTheirSenderGivesUpIsHandledInItsOrder(Nodes nodes) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        withExecutor(executor -> {
            Node keeping = nodes.node();
            MessageHandler blocking = (connection, message) -> {
                Waiting.await(goOn, "the end of the flood");
                keeping.keep(message);
            };
            Node receiver = flooded(nodes, blocking, executor);
            goOn.countDown();

            ShutdownReport shutdown =
                    Waiting.await(receiver.network().shutdown(Duration.ofSeconds(20)), "the shutdown");

            assertEquals(0, shutdown.unhandled());
            List<Integer> handled = Numbered.numbersOf(keeping.takeReceived());
            assertEquals(Numbered.upTo(handled.size()), handled);
            assertTrue(handled.size() >= Limits.defaults().handlerMessages(), () -> handled.size() + " were handled");
        });
    }

    /** A node with such a handler, once somebody who sent to it without end has given up, for it took nothing. */
    private static Node flooded(Nodes nodes, MessageHandler handler, ExecutorService executor) throws IOException {
        Node receiver = nodes.node(builder -> builder.handle(Node.PROTOCOL, handler, executor));
        flood(nodes, receiver, 16 * 1024);
        return receiver;
    }

    private static void flood(Nodes nodes, Node receiver, int size) throws IOException {
        Limits impatient = Limits.builder().writeTimeout(Duration.ofMillis(500)).build();
        Node sender = nodes.node(builder -> builder.limits(impatient));
        Connection connection = Nodes.connect(sender, receiver).dialled();
        Talker talker = Talker.start(number -> connection.send(Numbered.message(number, size)));
        Waiting.await(connection.closed(), "the end of a connection whose peer takes nothing");
        talker.awaitEnd();
    }

    private static void withExecutor(Body body) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            body.run(executor);
        } finally {
            executor.shutdown();
            assertTrue(executor.awaitTermination(Waiting.SAFETY_NET.toSeconds(), TimeUnit.SECONDS), "threads end");
        }
    }

    /** What is done with an executor. */
    interface Body {
        /** Does it. */
        void run(ExecutorService executor) throws Exception;
    }
}
