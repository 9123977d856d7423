/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.nio.node.RacingSenders.Closer;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.fake.ManualEventLoop;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireParser;
import io.softclose.policy.drain.DropPolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.drain.TimedDrainPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A close races four sending threads. Of every send: if it was accepted, the message, this very object, has exactly one
 * outcome; if it was refused, none; and none that began after the close had sealed was accepted.
 *
 * <p>10 000 rounds run over a link without a kernel, whose loop is run by the thread of the test while the senders
 * send, so that the engine's own races are met as often as can be; there the messages on the wire are known one by one.
 * 300 rounds run between two nodes over loopback sockets, where the receiving handler says what arrived.
 *
 * <p>It was seen to fail, within the first hundreds of rounds, when: the gate admits although it is sealed; {@code close}
 * seals only on the loop; the engine completes without waiting for admissions in flight; the gate reads and writes its
 * word in two steps; an outcome is given twice, or its listener not told.
 */
class CloseRaceTest implements NioUnderTest {
    private static final int ROUNDS = 10_000;
    private static final int SOCKET_ROUNDS = 300;
    private static final List<Closer> CLOSERS = List.of(Closer.values());

    @Test
    void everyAcceptedSendHasExactlyOneOutcomeInTenThousandRaces() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        LeakChecks threads = LeakChecks.begin();
        try (RacingSenders senders = new RacingSenders()) {
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    new FakeRound(random).race(senders);
                } catch (AssertionError failure) {
                    throw new AssertionError("round " + round + " of seed " + seed, failure);
                }
            }
        }
        threads.assertNoThreadLeft();
    }

    @Test
    void everyAcceptedSendHasExactlyOneOutcomeOnSockets(Nodes nodes) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        Node receiver = nodes.node();
        InetSocketAddress address = receiver.listen();
        TimedDrainPolicy timedDrain =
                TimedDrainPolicy.builder().drainTime(Duration.ofMillis(20)).build();
        List<ClosePolicy> policies = List.of(closePolicy(), timedDrain, DropPolicy.defaults());
        List<Node> closing = policies.stream()
                .map(policy -> nodes.node(builder -> builder.closePolicy(policy)))
                .toList();
        try (RacingSenders senders = new RacingSenders()) {
            for (int round = 0; round < SOCKET_ROUNDS; round++) {
                Node sender = closing.get(round % closing.size());
                Connection connection = sender.connect(address);
                Connection other = receiver.nextConnection();

                Closer closer = closer(random);
                boolean seals = seals(policies.get(round % closing.size()));

                RacedSends sent = senders.start(connection, closer, random.nextInt(200), seals);
                sent.awaitEnd();
                CloseReport report = Waiting.await(connection.closed(), "the close of round " + round);

                sent.verify(report);
                Waiting.await(other.closed(), "the other end");
                List<Integer> received = numbers(receiver.takeReceived());
                // Nobody talks back, so that what was written is lost by a reset alone, which only an abort causes.
                if (closer != Closer.ABORTING_SENDER) {
                    assertEquals(numbers(sent.messagesWritten(report)), received, "what the peer's handler took");
                }
            }
        }
    }

    private static boolean seals(ClosePolicy policy) {
        return policy.plan(DisconnectReason.REQUESTED_BY_PEER_MANAGER).admission() == Admission.SEAL;
    }

    private static Closer closer(SplittableRandom random) {
        return CLOSERS.get(random.nextInt(CLOSERS.size()));
    }

    /** One race over a link without a kernel. */
    private static final class FakeRound {
        private static final InetSocketAddress SOMEWHERE =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);

        private final SplittableRandom random;
        private final FakeTransport transport = new FakeTransport();
        private final ManualEventLoop loop = transport.loop();

        FakeRound(SplittableRandom random) {
            this.random = random;
        }

        void race(RacingSenders senders) {
            ClosePolicy policy = policy();
            Network network = Network.builder()
                    .plaintext()
                    .transport(transport)
                    .closePolicy(policy)
                    .support(Node.PROTOCOL)
                    .limits(Nodes.outboxOf(1 + random.nextInt(300)))
                    .build();
            Connection connection = network.dial(SOMEWHERE);
            FakeLink link = transport.links().get(0);
            link.read(WireBytes.handshake(4, 0, Node.PROTOCOL.id()));
            loop.runReady();
            if (random.nextBoolean()) {
                link.takes(1 + random.nextInt(200));
            }

            RacedSends sent = senders.start(connection, closer(random), random.nextInt(100), seals(policy));
            CompletableFuture<CloseReport> closed = connection.closed().toCompletableFuture();
            runUntilClosed(link, closed, sent);
            sent.awaitEnd();
            CloseReport report = closed.join();

            sent.verify(report);
            assertEquals(numbers(sent.messagesWritten(report)), numbersOnTheWire(link), "on the wire");
            loop.runReady();
            transport.verifyNoLeaks();
        }

        /** Plays the loop and the peer, which ends when our end has come; lets time pass once the senders have ended. */
        private void runUntilClosed(FakeLink link, CompletableFuture<CloseReport> closed, RacedSends sent) {
            boolean peerEnded = false;
            long safetyNet = System.nanoTime() + Waiting.SAFETY_NET.toNanos();
            while (!closed.isDone()) {
                loop.runReady();
                if (!peerEnded && link.peerSawEnd()) {
                    peerEnded = true;
                    link.inputClosed();
                }
                if (sent.ended() || random.nextInt(4) == 0) {
                    loop.advance(Duration.ofMillis(5));
                }
                if (System.nanoTime() - safetyNet > 0) {
                    throw new AssertionError("the close did not complete within " + Waiting.SAFETY_NET);
                }
            }
        }

        private ClosePolicy policy() {
            return switch (random.nextInt(3)) {
                case 0 -> DropPolicy.defaults();
                case 1 -> TimedDrainPolicy.defaults();
                default -> GracefulPolicy.defaults();
            };
        }
    }

    private static List<Integer> numbersOnTheWire(FakeLink link) {
        WireParser parser = new WireParser();
        parser.feed(link.written());
        return parser.takeFrames().stream()
                .map(frame -> Numbered.numberOf(((WireFrame.DirectSend) frame).payload()))
                .sorted()
                .toList();
    }

    private static List<Integer> numbers(List<Message> messages) {
        return messages.stream().map(Numbered::numberOf).sorted().toList();
    }
}
