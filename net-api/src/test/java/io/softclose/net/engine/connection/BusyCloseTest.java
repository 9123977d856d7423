/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection.Direction;
import io.softclose.net.DisconnectReason;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.HandTransport;
import io.softclose.net.engine.HandTransport.HandLink;
import io.softclose.net.engine.stream.BatchPool;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.LinkHandler;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A close that always has something to do: its policy keeps admission open, and the application goes on sending. No
 * timer ever fires, as on a loop that is busy.
 */
class BusyCloseTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    /** Ends the test if nothing else does. */
    private static final int MOST_ASKED = 10_000;

    private final HandLoop loop = new HandLoop();
    private int asked;
    /** Sends while the policy thinks, as other threads do. */
    private @Nullable PeerConnection sender;

    private Duration thinking = Duration.ZERO;

    @Test
    void othersHaveTheirTurn() {
        PeerConnection connection = closing();

        loop.execute(() -> loop.execute(() -> {
            assertTrue(asked < 100, "asked before others had their turn: " + asked);
            asked = MOST_ASKED;
        }));
        loop.runAll();

        assertTrue(asked < MOST_ASKED + 100, "asked: " + asked);
        connection.abort();
        loop.runAll();
    }

    @Test
    void othersHaveTheirTurnSoonIfThePolicyIsSlow() {
        thinking = Duration.ofMillis(30);
        PeerConnection connection = closing();

        loop.execute(() -> loop.execute(() -> {
            assertTrue(asked < 10, "asked before others had their turn: " + asked);
            asked = MOST_ASKED;
        }));
        loop.runAll();

        connection.abort();
        loop.runAll();
    }

    @Test
    void itsTurnsDoNotFillTheLoop() {
        PeerConnection connection = closing();
        LinkHandler handler = connection.linkHandler();

        for (int i = 0; i < 200; i++) {
            loop.runTask();
            handler.onWritable();
        }

        assertTrue(loop.waitingTasks() < 5, "tasks: " + loop.waitingTasks());
        connection.abort();
        loop.runAll();
    }

    @Test
    void theDeadlineIsKept() {
        thinking = Duration.ofMillis(3);
        PeerConnection connection = closing();

        loop.runAll();

        CloseReport report = connection.closed().toCompletableFuture().getNow(null);
        assertNotNull(report, "still " + connection.state());
        assertEquals(CloseEnding.DEADLINE, report.ending());
        assertTrue(report.duration().compareTo(DEADLINE.plus(thinking)) <= 0, report::toString);
        assertTrue(report.account().balanced());
    }

    private PeerConnection closing() {
        HandLink link = new HandLink(loop);
        PeerConnection connection = new PeerConnection(
                1,
                Direction.OUTBOUND,
                Optional.empty(),
                link,
                HandNetwork.settings(new HandTransport(loop), new KeepOpen()),
                new BatchPool(),
                HandNetwork.NO_REGISTRY);
        link.connect(connection.linkHandler());
        loop.runAll();
        connection.linkHandler().onRead(HandNetwork.handshake());
        loop.runAll();
        connection.close();
        sender = connection;
        return connection;
    }

    private final class KeepOpen implements ClosePolicy {
        @Override
        public String name() {
            return "keep open";
        }

        @Override
        public ClosePlan plan(DisconnectReason reason) {
            return new ClosePlan(Admission.KEEP_OPEN, DEADLINE, DEADLINE);
        }

        @Override
        public CloseDecision decide(CloseSnapshot now) {
            asked++;
            loop.pass(thinking);
            if (sender != null && asked < MOST_ASKED) {
                sender.send(HandNetwork.MESSAGE);
            }
            return CloseDecision.drain(now, DEADLINE);
        }
    }
}
