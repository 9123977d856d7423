/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.stream.BatchPool;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * An open connection, with the whole engine behind it, is closed or aborted while others send and wait for room. With
 * the loop among the threads there are so many steps that a model checker belongs to the full form.
 */
@Tag("races")
class CloseRaceTest {
    @Test
    void aCloseRefusesSendsOnceItReturnsAndTheFirstReasonCounts() {
        Interleavings.ofStory(FirstReason.class);
    }

    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void aCloseGivesEverythingItsOutcomeWhileTheLoopIsAtWork() {
        Interleavings.ofStory(Close.class, 8);
    }

    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void aPolicySeesWhatArrivesAtTheLastMoment() {
        Interleavings.ofStory(LastMoment.class);
    }

    @Test
    void aCloseGivesEverythingItsOutcomeInRealThreads() {
        Interleavings.stressStory(Close.class);
    }

    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void anAbortGivesEverythingItsOutcomeAndTellsWhoWaitsForRoomOnce() {
        Interleavings.ofStory(Abort.class, 8);
    }

    @Test
    void anAbortGivesEverythingItsOutcomeInRealThreads() {
        Interleavings.stressStory(Abort.class);
    }

    /** An open connection. Its loop runs some of its tasks while the others are at work, or none, and then the rest. */
    public abstract static class Story {
        final PeerConnection connection;

        private final HandLoop loop = new HandLoop();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        Story() {
            connection = Interleavings.alone(this::open);
        }

        private PeerConnection open() {
            HandLink link = new HandLink(loop);
            PeerConnection opened = new PeerConnection(
                    1,
                    Direction.OUTBOUND,
                    Optional.empty(),
                    link,
                    HandNetwork.settings(new HandTransport(loop)),
                    new BatchPool(),
                    HandNetwork.NO_REGISTRY);
            link.connect(opened.linkHandler());
            loop.runAll();
            opened.linkHandler().onRead(HandNetwork.handshake());
            loop.runAll();
            return opened;
        }

        void runTasks() {
            loop.runTask();
            loop.runTask();
            loop.runTask();
        }

        SendResult send() {
            SendResult result = connection.send(HandNetwork.MESSAGE, (message, outcome) -> ended.incrementAndGet());
            if (result.accepted()) {
                accepted.incrementAndGet();
            }
            return result;
        }

        static void assertDrained(CloseReport report) {
            assertEquals(
                    report.account().total().accepted(), report.account().count(Outcome.WRITTEN), report::toString);
        }

        CloseReport end() {
            return Interleavings.alone(this::closed);
        }

        private CloseReport closed() {
            loop.runAll();
            CloseReport report = connection.closed().toCompletableFuture().getNow(null);
            assertNotNull(report, () -> "still " + connection.state());
            assertTrue(report.account().balanced(), () -> "account: " + report.account());
            assertEquals(accepted.get(), report.account().total().accepted(), "accepted");
            assertEquals(accepted.get(), ended.get(), "outcomes told");
            return report;
        }
    }

    /** One closes; a sender closes, too, as soon as it is refused. */
    public static class FirstReason extends Story {
        @Operation
        public void closer() {
            connection.close(DisconnectReason.STALE_CONNECTION);
            assertFalse(send().accepted(), "accepted after the close had returned");
        }

        @Operation
        public void sender() {
            if (send() == SendResult.CLOSING) {
                connection.close();
            }
        }

        @Validate
        public void theFirstReasonCountsAndEverythingIsDrained() {
            CloseReport report = end();
            assertEquals(DisconnectReason.STALE_CONNECTION, report.reason());
            assertDrained(report);
        }
    }

    /** A message takes its place while the loop asks the policy whether that was all. */
    public static class LastMoment extends Story {
        @Operation
        public void loop() {
            connection.close(DisconnectReason.STALE_CONNECTION);
            runTasks();
        }

        @Operation
        public void sender() {
            send();
        }

        @Validate
        public void itIsDrained() {
            assertDrained(end());
        }
    }

    /** As well, while the loop is at work. */
    public static class Close extends FirstReason {
        @Operation
        public void loop() {
            runTasks();
        }
    }

    /** One aborts while another waits for room. */
    public static class Abort extends Story {
        private final AtomicInteger told = new AtomicInteger();

        @Operation
        public void aborter() {
            connection.abort();
            assertFalse(send().accepted(), "accepted after the abort had returned");
        }

        @Operation
        public void loop() {
            runTasks();
        }

        @Operation
        public void sender() {
            send();
        }

        @Operation
        public void waiter() {
            connection.onRoom(HandNetwork.MESSAGE, told::incrementAndGet);
        }

        @Validate
        public void theWaiterWasToldOnce() {
            end();
            assertEquals(1, told.get(), "told that there is or will be no room");
        }
    }
}
