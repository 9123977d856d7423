/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.sim.SocketEnd.Ending;
import io.softclose.net.testkit.sim.SocketEnd.Input;
import io.softclose.net.testkit.sim.kernel.LingeringEnd;
import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.kernel.SocketHistory.ResetCause;
import io.softclose.net.testkit.sim.world.LinkEnd;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a simulated link ends: held back, with input unread, and lingering. */
class SimLinkEndTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimNetwork sim = new SimNetwork(7);
    private final SimEnd one = new SimEnd(sim);
    private final SimEnd other = new SimEnd(sim);

    private void connect(SimSockets sockets) throws IOException {
        SimTransport here = sim.host("here", 1, sockets);
        SimTransport there = sim.host("there", 1, SimSockets.linux());
        Transport.Listener listener = there.listen(there.address(6180), other::attach);
        here.dial(there.address(6180), SECOND, one::attach);
        sim.runUntil(() -> one.connected() && other.connected(), SECOND);
        listener.close();
    }

    private void connect() throws IOException {
        connect(SimSockets.linux());
    }

    @Test
    void anEndIsHeldBackUntilTheOwnerHasWhatHadArrived() throws IOException {
        connect();
        other.write(5);

        assertFalse(one.endsOutput());
        sim.runFor(SECOND);
        assertEquals(SocketHistory.NEVER, history().finQueuedAt());
        one.read(5);

        assertEquals(0, history().unreadAtFin());
        assertEquals(5, history().receivedBeforeFin());
        assertTrue(one.toldOfRoom(), "onWritable follows");
        assertTrue(one.endsOutput());
        assertEquals(new Input(0, Ending.END), other.readToTheEnd());
    }

    @Test
    void aPauseHoldsTheEndBack() throws IOException {
        connect();

        assertFalse(one.endsOutput(), "it is paused from the start");
        sim.runFor(SECOND);
        assertEquals(SocketHistory.NEVER, history().finQueuedAt());
        one.goesOnReading();

        assertTrue(one.toldOfRoom(), "onWritable follows");
        assertEquals(new Input(0, Ending.END), other.readToTheEnd());
    }

    @Test
    void lingeringWhilePausedNeverSendsTheEnd() throws IOException {
        connect();
        one.pausesReading();
        one.linger();
        sim.run();

        assertEquals(ResetCause.LINGERED, history().resetCause());
        assertEquals(SocketHistory.NEVER, history().finQueuedAt());
    }

    @Test
    void nothingIsWrittenBehindAnEndThatIsHeldBack() throws IOException {
        connect();
        other.write(5);
        assertFalse(one.endsOutput());

        assertThrows(IllegalStateException.class, () -> one.write(1));
    }

    @Test
    void closingWithUnreadInputIsAResetAndNoEnd() throws IOException {
        connect();
        other.write(5);
        assertFalse(one.endsOutput());

        one.close();

        assertEquals(ResetCause.INPUT_UNREAD, history().resetCause());
        assertEquals(new Input(0, Ending.RESET), other.readToTheEnd());
    }

    @Test
    void aQuietPeerOfALingeringEndHasEverythingAndTheEnd() throws IOException {
        connect();
        long written = one.fill();
        one.goesOnReading();

        one.linger();
        sim.runFor(SECOND);
        assertTrue(one.closed());
        assertNull(one.cause());
        assertEquals(new Input(written, Ending.END), other.readToTheEnd());
        other.close();
        sim.run();

        sim.verifyNoLeaks();
        assertEquals(ResetCause.NONE, history().resetCause());
    }

    @Test
    void aTalkingPeerOfALingeringEndHasEverythingAndNoEnd() throws IOException {
        connect();
        long written = one.fill();
        other.write(5);

        one.linger();
        other.write(5);
        other.read(written);
        Input input = other.readToTheEnd();
        other.close();
        sim.run();

        assertEquals(new Input(written, Ending.RESET), input);
        assertEquals(ResetCause.LINGERED, history().resetCause());
        assertEquals(SocketHistory.NEVER, history().finQueuedAt());
        sim.verifyNoLeaks();
    }

    @Test
    void lingeringIsBounded() throws IOException {
        connect();
        Duration started = sim.now();
        for (int second = 0; second < 60; second++) {
            sim.after(Duration.ofSeconds(second), () -> other.write(5));
        }

        one.linger();
        sim.run();

        assertEquals(started.plus(LingeringEnd.LONGEST).toNanos(), history().resetSentAt());
    }

    @Test
    void lingeringWithASilentPeerEndsSooner() throws IOException {
        connect();
        other.write(5);
        sim.run();
        Duration started = sim.now();

        one.linger();
        sim.runUntil(one::closed, Duration.ZERO);
        assertThrows(AssertionError.class, sim::verifyNoLeaks);
        sim.run();

        assertEquals(started.plus(LingeringEnd.SILENT).toNanos(), history().resetSentAt());
    }

    @Test
    void aPeerThatEndsAfterSomethingWasDiscardedHasTimeToReadAndIsReset() throws IOException {
        connect();
        other.write(5);
        one.linger();
        other.goesOnReading();

        other.endsOutput();
        sim.runFor(SECOND);
        assertEquals(ResetCause.NONE, history().resetCause());
        sim.runFor(LingeringEnd.SILENT);

        assertEquals(ResetCause.LINGERED, history().resetCause());
    }

    @Test
    void aPeerThatEndsWithoutAWordGetsOurEnd() throws IOException {
        connect();
        one.write(100);
        one.goesOnReading();
        other.goesOnReading();
        one.linger();

        other.endsOutput();

        assertEquals(new Input(100, Ending.END), other.readToTheEnd());
        assertEquals(ResetCause.NONE, history().resetCause());
    }

    @Test
    void anAttemptToFlushHandsOverWhatTheKernelHasRoomFor() throws IOException {
        connect(SimSockets.linux().withBuffers(1000, 1000).flushingLater(Duration.ofHours(1)));
        one.write(700);
        assertEquals(0, one.flushed());

        assertEquals(700, one.flushesNow());
    }

    private SocketHistory history() {
        Link link = one.link();
        return ((LinkEnd) link).socket().history();
    }
}
