/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.TimedLoop;
import io.softclose.net.engine.outbox.SendSteps;
import io.softclose.net.engine.outbox.SendSteps.Step;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Connections that send and adopt at random, through every phase of their lives, beside a model that knows only what was
 * accepted and in which order. Sends are held up behind the gate while the loop goes on adopting and closing. Each run has
 * its seed, and everything is on one thread.
 */
class RandomAdoptionTest {
    private static final int RUNS = 3_000;
    private static final int STEPS = 60;
    private static final long EVERYTHING = Long.MAX_VALUE / 2;
    private static final Limits LIMITS = Limits.builder()
            .maxFrameSize(256)
            .messageTimeout(Duration.ofHours(1))
            .build();
    private static final LanePlan LANES = new LanePlan(
            List.of(new Lane("urgent", 6, 2_000, 500), new Lane("bulk", 6, 2_000, 500)), message -> message.priority());

    @Test
    void everyAcceptedMessageHasOneOutcomeWhicheverDoorItCameBy() {
        long first = new SplittableRandom().nextLong();
        Set<ConnectionState> adoptedIn = EnumSet.noneOf(ConnectionState.class);
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                new Run(seed, adoptedIn).run();
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
        assertEquals(
                EnumSet.complementOf(
                        EnumSet.of(ConnectionState.SEALING, ConnectionState.FINISHING, ConnectionState.CLOSED)),
                adoptedIn,
                "states in which some were adopted");
    }

    /** What the model knows of a message. */
    private static final class Entry {
        private final Message message;
        private final boolean large;
        private int outcomes;
        private boolean written;

        Entry(Message message) {
            this.message = message;
            large = message.size() > LIMITS.chunkSize();
        }
    }

    /** One connection. */
    private static final class Run implements ClosePolicy {
        private final SplittableRandom random;
        private final Set<ConnectionState> adoptedIn;
        private final HandLoop loop = new HandLoop();
        private final TimedLoop timed = new TimedLoop(loop);
        private final HandLink bare = new HandLink(loop);
        private final NarrowLink link = new NarrowLink(bare, timed);
        private final ClosePlan plan;
        private final boolean discards;
        private final PeerConnection connection;

        // The model: what was accepted, in order; what was written, in order.
        private final List<Entry> accepted = new ArrayList<>();
        private final List<Entry> written = new ArrayList<>();
        private long sent;
        private long adopted;
        private Optional<Throwable> failure = Optional.empty();
        private boolean sending;
        private boolean heldUp;
        private boolean gone;

        Run(long seed, Set<ConnectionState> adoptedIn) {
            random = new SplittableRandom(seed);
            this.adoptedIn = adoptedIn;
            Admission admission = random.nextInt(4) == 0 ? Admission.KEEP_OPEN : Admission.SEAL;
            discards = random.nextBoolean();
            plan = new ClosePlan(admission, Duration.ofSeconds(1), Duration.ofMillis(500));
            connection = new PeerConnection(
                    1,
                    Direction.OUTBOUND,
                    Optional.empty(),
                    link,
                    HandNetwork.withLanes(LANES, LIMITS, HandNetwork.settings(new HandTransport(loop), this)),
                    new BatchPool(),
                    HandNetwork.NO_REGISTRY);
            bare.connect(connection.linkHandler());
            connection.outbox().disturb(new SendSteps() {
                @Override
                protected void before(Step step) {
                    if (step == Step.SLOT) {
                        holdUp();
                    }
                }
            });
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act(random.nextInt(100));
            }
            end();
            judge();
        }

        private void act(int dice) {
            if (dice < 25) {
                adopt();
            } else if (dice < 45) {
                send();
            } else if (dice < 65) {
                for (int tasks = random.nextInt(4); tasks > 0; tasks--) {
                    loop.runTask();
                }
            } else if (dice < 80) {
                widen(random.nextInt(1_000));
            } else if (dice < 85) {
                timed.pass(Duration.ofMillis(random.nextInt(40)));
            } else if (dice < 93) {
                goOn();
            } else if (dice < 96) {
                everythingGoes();
            } else {
                close(dice);
            }
        }

        /** Some steps of a send that another thread is in the middle of: the loop does not wait for it. */
        private void holdUp() {
            // An adoption is not held up: it is on the loop.
            if (heldUp || !sending || random.nextInt(3) != 0) {
                return;
            }
            heldUp = true;
            try {
                for (int step = random.nextInt(6); step > 0 && !gone; step--) {
                    act(random.nextInt(85));
                    if (random.nextInt(8) == 0) {
                        connection.close();
                    }
                }
            } catch (Throwable thrown) {
                // Behind the gate, a send is not harmed by what is thrown.
                failure = Optional.of(failure.orElse(thrown));
            }
            heldUp = false;
        }

        private void send() {
            if (heldUp) {
                return;
            }
            sending = true;
            Entry entry = new Entry(message());
            int before = accepted.size();
            SendResult result = connection.send(entry.message, (message, outcome) -> ended(entry, outcome));
            sending = false;
            if (result == SendResult.ACCEPTED) {
                // In its lane it stands before what was adopted meanwhile.
                accepted.add(before, entry);
                sent++;
            }
        }

        private void adopt() {
            Entry entry = new Entry(message());
            ConnectionState state = connection.state();
            Duration left = Duration.ofMillis(random.nextInt(50));
            accepted.add(entry);
            SendResult result =
                    connection.outbox().adopt(entry.message, (message, outcome) -> ended(entry, outcome), left);
            if (result == SendResult.ACCEPTED) {
                adopted++;
                adoptedIn.add(state);
            } else {
                accepted.remove(entry);
            }
            if (state == ConnectionState.FINISHING || state == ConnectionState.CLOSED) {
                assertEquals(SendResult.CLOSING, result);
            }
        }

        private void ended(Entry entry, Outcome outcome) {
            entry.outcomes++;
            entry.written = outcome == Outcome.WRITTEN;
            if (entry.written) {
                written.add(entry);
            }
            if (random.nextInt(6) == 0) {
                adoptAgain();
            }
        }

        /** What a listener throws goes nowhere. */
        private void adoptAgain() {
            try {
                adopt();
            } catch (Throwable thrown) {
                failure = Optional.of(failure.orElse(thrown));
            }
        }

        private Message message() {
            int size = random.nextInt(5) == 0 ? 200 + random.nextInt(600) : random.nextInt(100);
            Message message = Message.of(HandNetwork.MESSAGE.protocol(), random.nextInt(2), new byte[size]);
            return random.nextInt(4) == 0
                    ? message.withTimeToLive(Duration.ofMillis(1 + random.nextInt(100)))
                    : message;
        }

        private void widen(long bytes) {
            if (link.widen(bytes) && !gone) {
                loop.execute(() -> {
                    if (!gone) {
                        connection.linkHandler().onWritable();
                    }
                });
            }
        }

        /** Towards an open connection. */
        private void goOn() {
            if (connection.state() == ConnectionState.HANDSHAKING) {
                loop.execute(() -> {
                    if (connection.state() == ConnectionState.HANDSHAKING) {
                        connection.linkHandler().onRead(HandNetwork.handshake());
                    }
                });
            }
        }

        /** An open connection whose link takes everything is left with nothing, unless somebody forgets to ask for work. */
        private void everythingGoes() {
            widen(EVERYTHING);
            loop.runAll();
            if (connection.state() == ConnectionState.OPEN && !heldUp) {
                assertEquals(0, connection.account().total().pending(), "left while the loop rests");
            }
            link.shut();
        }

        private void close(int dice) {
            if (dice == 96) {
                connection.close();
            } else if (dice == 97 && random.nextInt(4) == 0) {
                connection.abort();
            } else if (dice == 98 && random.nextInt(4) == 0) {
                gone = true;
                connection.linkHandler().onClosed(new IOException("deliberate"));
            } else if (dice == 99 && connection.state() == ConnectionState.OPEN) {
                connection.linkHandler().onInputClosed(InputEnd.ENDED);
            }
        }

        private void end() {
            connection.close();
            widen(EVERYTHING);
            loop.runAll();
            timed.pass(Duration.ofSeconds(2));
            loop.runAll();
        }

        private void judge() {
            assertTrue(connection.closed().toCompletableFuture().isDone(), () -> "not closed: " + connection);
            adopt();
            loop.runAll();
            assertEquals(Optional.empty(), failure);
            CloseReport report = connection.closed().toCompletableFuture().join();
            assertTrue(report.error().stream().allMatch(IOException.class::isInstance), report::toString);
            LaneAccount total = report.account().total();
            assertEquals(accepted.size(), sent + adopted);
            assertEquals(accepted.size(), total.accepted(), report::toString);
            assertEquals(connection.account(), report.account());
            assertEquals(sent + adopted, connection.outbox().accepted());
            assertTrue(report.account().balanced(), report::toString);
            assertTrue(accepted.stream().allMatch(entry -> entry.outcomes == 1), "an outcome each");
            assertEquals(written.size(), total.count(Outcome.WRITTEN));
            for (int lane = 0; lane < LANES.lanes().size(); lane++) {
                for (boolean large : new boolean[] {false, true}) {
                    assertEquals(queue(accepted, lane, large), queue(written, lane, large), "written of lane " + lane);
                    assertInOrder(back(report), lane, large);
                }
            }
        }

        private static List<Message> back(CloseReport report) {
            return report.returned().stream()
                    .filter(one -> one.outcome() != Outcome.EXPIRED)
                    .map(ReturnedMessage::message)
                    .toList();
        }

        private void assertInOrder(List<Message> back, int lane, boolean large) {
            List<Message> inOrder = accepted.stream()
                    .filter(entry -> entry.message.priority() == lane && entry.large == large)
                    .map(entry -> entry.message)
                    .toList();
            List<Message> ofQueue = back.stream().filter(inOrder::contains).toList();
            List<Message> expected = inOrder.stream().filter(back::contains).toList();
            assertEquals(expected, ofQueue, "what came back of lane " + lane);
        }

        /** What was written, in the list's order. */
        private static List<Entry> queue(List<Entry> list, int lane, boolean large) {
            return list.stream()
                    .filter(entry -> entry.written && entry.message.priority() == lane && entry.large == large)
                    .toList();
        }

        @Override
        public String name() {
            return "random";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return plan;
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            assertFalse(now.drained() && heldUp, "drained, though a send is behind the gate");
            int dice = random.nextInt(20);
            if ((now.sealed() && now.drained()) || (dice == 0 && !heldUp)) {
                return CloseDecision.finish();
            }
            if (dice == 1 && discards) {
                return new CloseDecision.Discard(Set.of(random.nextInt(2)));
            }
            List<Integer> order = dice < 6 ? List.of(random.nextInt(2)) : List.of(0, 1);
            return new CloseDecision.Drain(order, Duration.ofMillis(1 + random.nextInt(100)));
        }
    }
}
