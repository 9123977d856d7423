/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.ConnectionState;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.TimedLoop;
import io.softclose.net.engine.outbox.SendSteps;
import io.softclose.net.engine.outbox.SendSteps.Step;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection that adopts messages: before it is open, while messages flow, while it closes, and no more. */
class AdoptionTest {
    private final HandLoop loop = new HandLoop();
    private final TimedLoop timed = new TimedLoop(loop);
    private final HandLink link = new HandLink(loop);
    private final PeerConnection connection = connection();

    /** What became of which message, in the order in which it was told. */
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatIsAdoptedBeforeTheConnectionIsOpenGoesOnceItIsAndBeforeWhatIsSent() {
        assertEquals(SendResult.ACCEPTED, adopt("dialing"));
        loop.runAll();
        link.connect(connection.linkHandler());
        loop.runAll();
        long handshakeOnly = link.flushedBytes();
        assertEquals(SendResult.ACCEPTED, adopt("handshaking"));
        loop.runAll();
        assertEquals(ConnectionState.HANDSHAKING, connection.state());
        assertEquals(handshakeOnly, link.flushedBytes(), "a message went before the connection was open");

        connection.linkHandler().onRead(HandNetwork.handshake());
        assertEquals(SendResult.ACCEPTED, send("sent"));
        loop.runAll();

        assertEquals(List.of("dialing WRITTEN", "handshaking WRITTEN", "sent WRITTEN"), told);
        assertReport(closed(), 3, Outcome.WRITTEN);
    }

    @Test
    void whatIsAdoptedGoesThoughNothingElseHappens() {
        open();
        adopt("early");
        connection.linkHandler().onRead(HandNetwork.handshake());
        loop.runAll();
        assertEquals(List.of("early WRITTEN"), told, "before the connection was open");

        adopt("later");
        loop.runAll();

        assertEquals(List.of("early WRITTEN", "later WRITTEN"), told);
    }

    @Test
    void whatIsAdoptedByAConnectionThatNeverOpensIsUnsentAndReturned() {
        open();
        adopt("early");
        connection.abort();
        loop.runAll();

        CloseReport report = report();
        assertReport(report, 1, Outcome.UNSENT);
        assertEquals(1, report.returned().size());
        assertEquals(SendResult.CLOSING, adopt("late"));
    }

    @Test
    void whatWaitsForTheConnectionToOpenExpiresInTime() {
        open();
        Message mortal = HandNetwork.MESSAGE.withTimeToLive(Duration.ofHours(1));
        connection.outbox().adopt(mortal, (message, outcome) -> told.add("mortal " + outcome), Duration.ofMillis(20));
        adopt("immortal");
        loop.runAll();

        timed.pass(Duration.ofMillis(100));

        assertEquals(List.of("mortal EXPIRED"), told);
    }

    @Test
    void aCloseDrainsWhatIsAdoptedBehindTheSeal() {
        opened();
        connection.close();
        assertEquals(SendResult.CLOSING, send("sent"));
        assertEquals(SendResult.ACCEPTED, adopt("behind the seal"));
        loop.runAll();

        assertEquals(List.of("behind the seal WRITTEN"), told);
        assertReport(report(), 1, Outcome.WRITTEN);
    }

    @Test
    void nothingIsAdoptedOnceNoMessageMayStart() {
        opened();
        connection.close();
        // Seals, drains and finishes; the peer's end is a later task.
        loop.runTask();
        assertEquals(ConnectionState.FINISHING, connection.state());

        assertEquals(SendResult.CLOSING, adopt("late"));

        loop.runAll();
        assertReport(report(), 0, Outcome.WRITTEN);
        assertEquals(SendResult.CLOSING, adopt("very late"));
        loop.runAll();
        assertEquals(List.of(), told);
        assertTrue(connection.account().balanced());
    }

    /** A listener that is told of the end of its message, as one that tries again does. */
    @Test
    void whatTheEndOfAMessageHasAdoptedHasAnOutcomeOrIsRefused() {
        opened();
        List<SendResult> again = new ArrayList<>();
        connection.outbox().adopt(HandNetwork.MESSAGE, (message, outcome) -> {
            told.add("first " + outcome);
            again.add(adopt("again"));
        });
        connection.abort();
        connection.linkHandler().onClosed(null);

        assertEquals(List.of("first UNSENT"), told);
        assertEquals(List.of(SendResult.CLOSING), again);
        assertReport(report(), 1, Outcome.UNSENT);
    }

    @Test
    void aCloseWaitsForASendBehindTheGateThoughAnotherMessageIsAdopted() {
        opened();
        connection.outbox().disturb(doing(Step.SLOT, () -> {
            connection.outbox().disturb(SendSteps.UNDISTURBED);
            connection.close();
            assertEquals(SendResult.ACCEPTED, adopt("adopted"));
            loop.runAll();
            assertEquals(ConnectionState.DRAINING, connection.state());
        }));

        assertEquals(SendResult.ACCEPTED, send("sent"));
        loop.runAll();

        assertEquals(List.of("sent WRITTEN", "adopted WRITTEN"), told);
        assertReport(report(), 2, Outcome.WRITTEN);
    }

    @Test
    void theEndWaitsForASendBehindTheGateThoughAnotherMessageIsAdopted() throws InterruptedException {
        opened();
        Thread looping = Thread.currentThread();
        CountDownLatch there = new CountDownLatch(1);
        connection.outbox().disturb(doing(Step.SLOT, () -> {
            there.countDown();
            while (!waitsForAdmissions(looping)
                    && !connection.closed().toCompletableFuture().isDone()) {
                Thread.onSpinWait();
            }
        }));
        Thread sender = new Thread(() -> send("sent"));
        sender.start();
        assertTrue(there.await(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS));
        connection.outbox().disturb(SendSteps.UNDISTURBED);

        adopt("adopted");
        connection.abort();
        connection.linkHandler().onClosed(null);

        sender.join();
        assertReport(report(), 2, Outcome.UNSENT);
        assertEquals(List.of("sent UNSENT", "adopted UNSENT"), told);
    }

    private static boolean waitsForAdmissions(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("endAdmissionsInFlight"));
    }

    @Test
    void everyAdoptionAtTheEndOfTheStackFailsOrIsAccepted() throws InterruptedException {
        opened();
        Message mortal = HandNetwork.MESSAGE.withTimeToLive(Duration.ofHours(1));
        // Made here: there is no stack to link a lambda there.
        OutcomeListener listener = (message, outcome) -> told.add("one");
        StackEnd end = new StackEnd(() -> connection.outbox().adopt(mortal, listener));
        end.reach(100, loop);

        assertEquals(end.accepted(), told.size());
        for (int i = 0; i < 4; i++) {
            assertEquals(SendResult.ACCEPTED, send("sent"), "room was lost");
        }
        assertReport(closed(), end.accepted() + 4, Outcome.WRITTEN);
    }

    private PeerConnection connection() {
        Limits limits = Limits.builder().outboxMessages(4).build();
        return new PeerConnection(
                1,
                Direction.OUTBOUND,
                Optional.empty(),
                wide(new NarrowLink(link, timed)),
                HandNetwork.withLanes(LanePlan.single(limits), limits, HandNetwork.settings(new HandTransport(loop))),
                new BatchPool(),
                HandNetwork.NO_REGISTRY);
    }

    private static NarrowLink wide(NarrowLink narrow) {
        narrow.widen(Long.MAX_VALUE);
        return narrow;
    }

    /** The link is up; the peer has said nothing. */
    private void open() {
        link.connect(connection.linkHandler());
        loop.runAll();
    }

    private void opened() {
        open();
        connection.linkHandler().onRead(HandNetwork.handshake());
        loop.runAll();
        assertEquals(ConnectionState.OPEN, connection.state());
    }

    private SendResult adopt(String name) {
        return connection.outbox().adopt(HandNetwork.MESSAGE, (message, outcome) -> told.add(name + " " + outcome));
    }

    private SendResult send(String name) {
        return connection.send(HandNetwork.MESSAGE, (message, outcome) -> told.add(name + " " + outcome));
    }

    private CloseReport closed() {
        assertFalse(connection.closed().toCompletableFuture().isDone());
        connection.close();
        loop.runAll();
        return report();
    }

    private CloseReport report() {
        assertTrue(connection.closed().toCompletableFuture().isDone(), () -> "not closed: " + connection);
        return connection.closed().toCompletableFuture().join();
    }

    private static void assertReport(CloseReport report, long accepted, Outcome outcome) {
        assertTrue(report.account().balanced(), report::toString);
        assertEquals(accepted, report.account().total().accepted(), report::toString);
        assertEquals(accepted, report.account().count(outcome), report::toString);
    }

    private static SendSteps doing(Step wanted, Runnable work) {
        return new SendSteps() {
            @Override
            protected void before(Step step) {
                if (step == wanted) {
                    work.run();
                }
            }
        };
    }
}
