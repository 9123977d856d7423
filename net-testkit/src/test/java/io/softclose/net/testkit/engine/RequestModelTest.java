/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.testkit.engine.RequestModel.Asked;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.wire.WireBytes;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireFrame.DirectSend;
import io.softclose.net.testkit.wire.WireFrame.RpcRequest;
import io.softclose.net.testkit.wire.WireFrame.RpcResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random lives of one connection, each step compared with {@link RequestModel}: requests made, cancelled, timed out,
 * answered, answered late or twice, not supported; asked by the peer, answered at all times, or never; over a link that
 * takes all, some or nothing; closed by either end, or lost. The system property {@value #LIVES} says how many; {@value
 * #SEED}, from which seed on.
 */
class RequestModelTest {
    static final String LIVES = "softclose.requests.lives";
    static final String SEED = "softclose.requests.seed";

    private static final int USUAL_LIVES = 60;
    private static final int STEPS = 120;
    private static final int MOST_MADE = 5;
    private static final int MOST_RECEIVED = 4;
    private static final Duration CLOSE = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @RegisterExtension
    final Node node = new Node();

    /** What handlers will answer, by the labels of the requests. */
    private final Map<String, CompletableFuture<Message>> handed = new HashMap<>();

    @Test
    void whateverHappensEachRequestIsWhatTheModelSays() {
        node.limits(limits -> limits.maxOutboundRequests(MOST_MADE)
                .maxInboundRequests(MOST_RECEIVED)
                .inboundRequestTimeout(ANSWER)
                .writeTimeout(Duration.ZERO));
        node.policy
                .plans(Admission.SEAL, CLOSE, CLOSE.multipliedBy(2))
                .decides(snapshot -> snapshot.sealed() && snapshot.drained() && snapshot.answered()
                        ? CloseDecision.finish()
                        : CloseDecision.drain(snapshot, Duration.ofSeconds(1)));
        node.settings().answerLater(Messages.PROTOCOL, (connection, request) -> {
            CompletableFuture<Message> answer = new CompletableFuture<>();
            handed.put(Messages.labelOf(request), answer);
            return answer;
        });
        long first = Long.getLong(SEED, 1);
        for (long seed = first; seed < first + Integer.getInteger(LIVES, USUAL_LIVES); seed++) {
            try {
                new Life(seed).live();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("repeat it with -D" + SEED + "=" + seed, failure);
            }
        }
    }

    /** One connection, from its opening to its report. */
    private final class Life {
        private final SplittableRandom random;
        private final RequestModel model =
                new RequestModel(MOST_MADE, MOST_RECEIVED, ANSWER.toNanos(), CLOSE.toNanos());
        private final Conversation talk = node.connect();
        private final Map<Asked, Reply> replies = new HashMap<>();
        private final Map<Asked, Integer> completions = new HashMap<>();
        /** The ids of the requests that the peer has, by label. */
        private final Map<String, Integer> ids = new HashMap<>();

        private final List<String> received = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private int made;
        /** Whether the link took nothing before this step. */
        private boolean wasStuck;

        Life(long seed) {
            random = new SplittableRandom(seed);
            handed.clear();
        }

        void live() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    act();
                    compare();
                }
                end();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(String.join(", ", steps), failure);
            }
        }

        private void act() {
            wasStuck = model.stuck();
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> ask();
                case 4 -> send();
                case 5, 6 -> cancel();
                case 7, 8, 9 -> pass();
                case 10, 11 -> takes();
                case 12, 13 -> peerAnswers();
                case 14, 15 -> peerAsks();
                case 16, 17 -> give();
                case 18 -> fail();
                default -> seldom();
            }
        }

        private void seldom() {
            switch (random.nextInt(30)) {
                case 0, 1 -> {
                    steps.add("close");
                    talk.connection.close();
                    model.close();
                    node.run();
                }
                case 2, 3 -> peerEnds();
                case 4 -> linkFails();
                case 5, 6, 7 -> notSupported();
                default -> pass();
            }
        }

        private void ask() {
            String label = "q" + made++;
            Message request = Messages.message(label);
            Duration timeout = Duration.ofNanos(1 + random.nextLong(6_000_000_000L));
            steps.add("ask " + label);
            int size = WireBytes.rpcRequest(0, 0, 0, bytes(label)).length;
            Reply reply = talk.connection.request(request, timeout);
            model.ask(label, size, timeout.toNanos())
                    .ifPresentOrElse(
                            asked -> {
                                replies.put(asked, reply);
                                var unused = reply.whenComplete(
                                        (answer, failure) -> completions.merge(asked, 1, Integer::sum));
                            },
                            () -> assertTrue(
                                    Replies.of(reply).startsWith("REFUSED"), () -> label + " " + Replies.of(reply)));
            runUnlessStuck();
        }

        private void send() {
            String label = "m" + made++;
            steps.add("send " + label);
            talk.send(Messages.message(label));
            model.send(label, Messages.frameSize(Messages.message(label)));
            runUnlessStuck();
        }

        /** Any thread asks and cancels, so the loop may come to it later; with a link that takes, that is a race. */
        private void runUnlessStuck() {
            if (!wasStuck || random.nextBoolean()) {
                node.run();
            }
        }

        private void cancel() {
            Asked one = any(model.asked());
            if (one != null) {
                steps.add("cancel " + one.label);
                replyTo(one).cancel();
                model.cancel(one);
                runUnlessStuck();
            }
        }

        private void pass() {
            long nanos = 1 + random.nextLong(3_000_000_000L);
            steps.add("pass " + nanos);
            node.pass(Duration.ofNanos(nanos));
            model.pass(nanos);
        }

        private void takes() {
            long bytes =
                    random.nextInt(3) == 0 ? FakeLink.UNLIMITED : random.nextBoolean() ? 0 : 1 + random.nextInt(60);
            steps.add("takes " + bytes);
            node.run();
            talk.peerTakes(bytes);
            model.takes(bytes);
        }

        private boolean peerIsThere() {
            return !model.peerEnded() && !model.gone();
        }

        private void peerAnswers() {
            Asked one = any(model.asked().stream()
                    .filter(asked -> ids.containsKey(asked.label))
                    .toList());
            if (one != null && peerIsThere()) {
                steps.add("peer answers " + one.label);
                int id = requireNonNull(ids.get(one.label), "id");
                talk.peerSends(WireBytes.rpcResponse(id, 0, bytes(one.label)));
                model.answers(one);
            }
        }

        private void peerAsks() {
            if (peerIsThere()) {
                String label = "p" + made++;
                steps.add("peer asks " + label);
                talk.peerSends(WireBytes.rpcRequest(Messages.PROTOCOL.id(), made, 0, bytes(label)));
                boolean called = model.asks(label);
                assertEquals(called, handed.containsKey(label), () -> "a handler is called with " + label);
            }
        }

        private void give() {
            String label = any(handed.keySet().stream().sorted().toList());
            if (label != null) {
                steps.add("give " + label);
                takeHanded(label).complete(Messages.message(label));
                model.give(label, WireBytes.rpcResponse(0, 0, bytes(label)).length);
                node.run();
            }
        }

        private void fail() {
            String label = any(handed.keySet().stream().sorted().toList());
            if (label != null) {
                steps.add("fail " + label);
                takeHanded(label).completeExceptionally(new IllegalStateException("deliberate"));
                node.run();
                assertEquals(
                        model.fail(label) ? 1 : 0, node.events.takeFailures().size(), "failures told");
            }
        }

        private void notSupported() {
            if (peerIsThere() && !model.asked().isEmpty()) {
                steps.add("not supported");
                node.run();
                talk.peerSends(WireBytes.rpcNotSupported(Messages.PROTOCOL.id()));
                model.saysNotSupported();
            }
        }

        private void peerEnds() {
            if (peerIsThere()) {
                steps.add("peer ends");
                node.run();
                talk.peerEnds();
                model.ends();
            }
        }

        private void linkFails() {
            if (!model.gone()) {
                steps.add("link fails");
                node.run();
                talk.link.fail(new IOException("deliberate"));
                node.run();
                model.linkGoes();
            }
        }

        private void compare() {
            read();
            assertEquals(model.seen(), received, "what the peer has got");
            for (Asked one : model.asked()) {
                assertEquals(one.reply(), Replies.of(replyTo(one)), () -> "the reply to " + one.label);
                assertTrue(
                        completions.getOrDefault(one, 0) <= 1, () -> "the reply to " + one.label + " completes again");
            }
        }

        private void read() {
            for (WireFrame frame : talk.receivedFrames()) {
                if (frame instanceof RpcRequest request) {
                    String label = Messages.labelOf(request.payload());
                    ids.put(label, request.requestId());
                    received.add("ask " + label);
                } else if (frame instanceof RpcResponse response) {
                    received.add("answer " + Messages.labelOf(response.payload()));
                } else {
                    received.add("message " + Messages.labelOf(((DirectSend) frame).payload()));
                }
            }
        }

        private void end() {
            talk.connection.close();
            node.run();
            model.close();
            compare();
            node.pass(CLOSE);
            model.pass(CLOSE.toNanos());
            compare();
            assertEquals(
                    new RequestAccount(model.made(), model.received()),
                    talk.report().requests());
        }

        private Reply replyTo(Asked one) {
            return requireNonNull(replies.get(one), "reply");
        }

        private CompletableFuture<Message> takeHanded(String label) {
            return requireNonNull(handed.remove(label), "stage");
        }

        private <T> @Nullable T any(List<T> all) {
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }
    }

    private static byte[] bytes(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}
