/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.LaneAccount;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.SendSteps;
import io.softclose.net.engine.outbox.SendSteps.Step;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A send that is cut off, by a machine without memory or at the end of its stack, between two of its steps: that send
 * fails, or its message is accepted, and nothing else is harmed. Neither of the connection's two places may get lost.
 */
class CutOffSendTest {
    private final HandLoop loop = new HandLoop();
    private final HandLink link = new HandLink(loop);
    private final PeerConnection connection = open();
    private final OutOfMemoryError failure = new OutOfMemoryError("deliberate");
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource(names = {"SEGMENT", "TICKET"})
    void aSendThatIsCutOffBeforeItHasItsSlotFailsAndLeavesNothing(Step step) {
        disturb(throwingAt(step));

        assertSame(failure, assertThrows(OutOfMemoryError.class, this::send));

        disturb(SendSteps.UNDISTURBED);
        assertEquals(0, account().accepted());
        assertEquals(SendResult.ACCEPTED, send());
        assertEquals(SendResult.ACCEPTED, send(), "its room was not given back");
        assertEquals(SendResult.OUTBOX_FULL, send());
        assertEverythingIsWritten(2);
    }

    /** Fails if a step that may fail comes behind the gate. */
    @ParameterizedTest
    @EnumSource(names = {"SEGMENT", "TICKET"})
    void aSendThatIsCutOffHasTakenNoRoomFromAnother(Step step) {
        Limits limits = Limits.builder().outboxMessages(1).build();
        Outbox outbox = new Outbox(LanePlan.single(limits), limits, loop, () -> {});
        outbox.disturb(doing(step, () -> {
            outbox.disturb(SendSteps.UNDISTURBED);
            assertEquals(SendResult.ACCEPTED, outbox.offer(HandNetwork.MESSAGE, null), "the only place is free");
            throw failure;
        }));

        assertThrows(OutOfMemoryError.class, () -> outbox.offer(HandNetwork.MESSAGE, null));

        assertEquals(1, outbox.accepted());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEGMENT", "TICKET"})
    void aCloseDoesNotWaitForASendThatWasCutOff(Step step) {
        disturb(doing(step, () -> {
            connection.close();
            loop.runAll();
            throw failure;
        }));

        assertThrows(OutOfMemoryError.class, this::send);

        disturb(SendSteps.UNDISTURBED);
        loop.runAll();
        assertReport(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOT", "WAKE_UP"})
    void aSendThatIsCutOffBehindItsTicketIsAcceptedAndTheNextOneWakesTheLoop(Step step) {
        disturb(throwingAt(step));

        assertEquals(SendResult.ACCEPTED, send());

        disturb(SendSteps.UNDISTURBED);
        assertEquals(SendResult.ACCEPTED, send());
        loop.runAll();
        assertEquals(List.of(Outcome.WRITTEN, Outcome.WRITTEN), outcomes);
        assertEverythingIsWritten(2);
    }

    @Test
    void aRefusedSendWakesTheLoopForTheMessagesThatFillTheLane() {
        disturb(throwingAt(Step.WAKE_UP));
        assertEquals(SendResult.ACCEPTED, send());
        assertEquals(SendResult.ACCEPTED, send());

        disturb(SendSteps.UNDISTURBED);
        assertEquals(SendResult.OUTBOX_FULL, send());
        loop.runAll();

        assertEquals(List.of(Outcome.WRITTEN, Outcome.WRITTEN), outcomes);
        assertEverythingIsWritten(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOT", "WAKE_UP"})
    void aCloseFindsTheMessageThatNobodyWokeTheLoopFor(Step step) {
        disturb(throwingAt(step));

        assertEquals(SendResult.ACCEPTED, send());

        assertEverythingIsWritten(1);
    }

    /**
     * The machine's own errors, wherever they come: a thread falls to the end of its stack and sends at each depth on its
     * way back.
     */
    @Test
    void everySendAtTheEndOfTheStackFailsOrIsAccepted() throws InterruptedException {
        StackEnd end = new StackEnd(() -> connection.send(HandNetwork.MESSAGE));
        end.reach(200, loop);

        assertEquals(end.accepted(), account().accepted());
        long more = send().accepted() ? 1 : 0;
        loop.runAll();
        assertEquals(SendResult.ACCEPTED, send());
        assertEquals(SendResult.ACCEPTED, send(), "room was lost");
        assertEverythingIsWritten(end.accepted() + more + 2);
    }

    @Test
    void everySendWithATimeToLiveAtTheEndOfTheStackFailsOrIsAccepted() throws InterruptedException {
        Message mortal = HandNetwork.MESSAGE.withTimeToLive(Duration.ofHours(1));
        StackEnd end = new StackEnd(() -> connection.send(mortal));
        end.reach(200, loop);

        assertEquals(end.accepted(), account().accepted());
        assertEverythingIsWritten(end.accepted());
    }

    /** What no send does by itself: something stops its thread between its ticket and its slot. */
    @Test
    void theLoopDoesNotWaitForEverForASendThatDoesNotGoOn() throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        disturb(doing(Step.SLOT, () -> {
            there.countDown();
            await(go);
        }));
        Thread sender = new Thread(this::send);
        sender.start();
        await(there);

        connection.abort();
        loop.runAll();

        CloseReport report = report();
        assertFalse(report.account().balanced(), report::toString);
        go.countDown();
        sender.join();
        loop.runAll();
        assertEquals(List.of(Outcome.UNSENT), outcomes, "told, though late");
        assertTrue(connection.account().balanced(), () -> connection.account().toString());
    }

    private PeerConnection open() {
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

    private void disturb(SendSteps steps) {
        connection.outbox().disturb(steps);
    }

    private SendSteps throwingAt(Step wanted) {
        return doing(wanted, () -> {
            throw failure;
        });
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

    private SendResult send() {
        return connection.send(HandNetwork.MESSAGE, (message, outcome) -> outcomes.add(outcome));
    }

    private LaneAccount account() {
        return connection.account().total();
    }

    private void assertEverythingIsWritten(long accepted) {
        connection.close();
        loop.runAll();
        assertReport(accepted);
    }

    private void assertReport(long accepted) {
        CloseReport report = report();
        assertTrue(report.account().balanced(), report::toString);
        assertEquals(accepted, report.account().total().accepted(), report::toString);
        assertEquals(accepted, report.account().count(Outcome.WRITTEN), report::toString);
    }

    private CloseReport report() {
        assertTrue(connection.closed().toCompletableFuture().isDone(), () -> "not closed: " + connection);
        return connection.closed().toCompletableFuture().join();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Race.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
