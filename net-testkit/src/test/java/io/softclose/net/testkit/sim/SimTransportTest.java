/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.testkit.sim.SocketEnd.Ending;
import io.softclose.net.testkit.sim.SocketEnd.Input;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What a transport promises, and what faults do, on the simulated network. */
class SimTransportTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimNetwork sim = new SimNetwork(7);
    private final SimTransport here = sim.host("here");
    private final SimTransport there = sim.host("there");
    private final SimEnd one = new SimEnd(sim);
    private final SimEnd other = new SimEnd(sim);

    private void connect() throws IOException {
        there.listen(there.address(6180), other::attach);
        here.dial(there.address(6180), SECOND, one::attach);
        sim.runUntil(() -> one.connected() && other.connected(), SECOND);
    }

    @Test
    void aDialTakesARoundTripAndAnAcceptanceHalfMore() throws IOException {
        sim.conditions(SimConditions.loopback().withLatency(Duration.ofMillis(10)));
        there.listen(there.address(6180), other::attach);
        here.dial(there.address(6180), SECOND, one::attach);

        sim.runUntil(one::connected, SECOND);
        assertEquals(Duration.ofMillis(20), sim.now());
        sim.runUntil(other::connected, SECOND);
        assertEquals(Duration.ofMillis(30), sim.now());
        assertEquals(there.address(6180), one.link().remoteAddress());
        assertEquals(one.link().localAddress(), other.link().remoteAddress());
    }

    @Test
    void aLoopThatRunsIsItsOwnThreadAndNoOther() throws IOException {
        connect();
        EventLoop loop = one.link().loop();
        List<Boolean> answers = new ArrayList<>();

        loop.execute(() -> {
            answers.add(loop.inEventLoop());
            answers.add(CompletableFuture.supplyAsync(loop::inEventLoop, thread -> new Thread(thread).start())
                    .join());
            answers.add(other.link().loop().inEventLoop());
        });
        sim.runFor(SECOND);
        answers.add(loop.inEventLoop());

        assertEquals(List.of(true, false, false, false), answers);
    }

    @Test
    void aDialThatNobodyAnswersTimesOut() {
        sim.partition(here, there);
        here.dial(there.address(6180), SECOND, one::attach);
        here.dial(new InetSocketAddress("10.9.9.9", 1), SECOND, other::attach);

        sim.run();

        assertInstanceOf(SocketTimeoutException.class, one.cause());
        assertInstanceOf(SocketTimeoutException.class, other.cause());
        assertEquals(SECOND, sim.now());
    }

    @Test
    void aHostOfAnUnknownNameFailsTheDial() {
        here.dial(InetSocketAddress.createUnresolved("unknown.invalid", 1), SECOND, one::attach);

        sim.run();

        assertInstanceOf(UnknownHostException.class, one.cause());
    }

    @Test
    void aBoundAddressIsInUseUntilItsListenerIsClosed() throws IOException {
        var bound = here.listen(here.address(0), link -> one);
        SocketAddress address = bound.localAddress();

        assertThrows(BindException.class, () -> here.listen(address, link -> one));
        assertThrows(BindException.class, () -> here.listen(there.address(1), link -> one));
        bound.close();
        here.listen(address, link -> one).close();
    }

    @Test
    void aCancelledDialIsClosedWithoutACause() throws IOException {
        there.listen(there.address(6180), other::attach);
        Link link = here.dial(there.address(6180), SECOND, one::attach);
        link.loop().execute(link::abort);

        sim.run();

        assertNull(one.cause());
        assertFalse(one.connected());
        assertTrue(sim.links().get(0).isClosed());
    }

    @Test
    void aBufferThatWasWrittenIsGivenBackWithAnyLimit() throws IOException {
        connect();
        Link link = one.link();
        link.loop().execute(() -> {
            ByteBuffer buffer = link.lend(20_000).limit(20_000);
            link.write(buffer);
            link.close();
            link.release(buffer.clear().limit(1));
        });

        sim.run();

        sim.verify();
    }

    @Test
    void aClosedTransportAbortsItsLinksAndTakesNothingMore() throws IOException {
        connect();
        here.close();
        here.close();
        sim.run();

        assertTrue(sim.links().get(0).isClosed());
        assertNull(one.cause());
        assertThrows(RejectedExecutionException.class, () -> here.dial(there.address(6180), SECOND, link -> one));
        assertThrows(RejectedExecutionException.class, () -> one.link().loop().execute(() -> {}));
        assertEquals(new Input(0, Ending.RESET), other.readToTheEnd());
    }

    @Test
    void bytesArriveInOrderHoweverTheyTravel() throws IOException {
        SimNetwork rough = new SimNetwork(11);
        rough.conditions(new SimConditions(Duration.ofMillis(1), Duration.ofMillis(20), 1_000_000, 100));
        SimSockets sockets = SimSockets.linux()
                .withBuffers(3_000, 1_000)
                .withTransfers(500, 0.7)
                .flushingLater(Duration.ofMillis(3));
        SimTransport from = rough.host("from", 2, sockets);
        SimTransport to = rough.host("to", 2, sockets);
        byte[] bytes = new byte[200_000];
        new SplittableRandom(3).nextBytes(bytes);
        Pump pump = new Pump(bytes);
        Collector collector = new Collector();
        to.listen(to.address(1), link -> collector);
        from.dial(to.address(1), SECOND, pump::attach);
        rough.after(SECOND, () -> rough.partition(from, to));
        rough.after(SECOND.multipliedBy(2), () -> rough.heal(from, to));

        rough.run();

        rough.verify();
        assertTrue(Arrays.equals(bytes, collector.bytes()));
        assertTrue(collector.ended());
    }

    @Test
    void bandwidthBoundsHowFastBytesArrive() throws IOException {
        sim.conditions(here, there, SimConditions.loopback().withBytesPerSecond(100_000));
        connect();
        Duration started = sim.now();

        one.fill();
        one.shutdownOutput();
        long bytes = other.readToTheEnd().bytes();

        Duration took = sim.now().minus(started);
        assertTrue(took.toMillis() >= bytes * 1000 / 100_000, bytes + " bytes in " + took);
    }

    @Test
    void aCutResetsBothEndsInTheMiddleOfWhatIsWritten() throws IOException {
        connect();
        sim.links().get(0).cutAfter(700);

        one.write(1000);

        assertEquals(new Input(700, Ending.RESET), other.readToTheEnd());
        assertEquals(new Input(0, Ending.RESET), one.readToTheEnd());
        assertInstanceOf(SocketException.class, one.cause());
    }

    @Test
    void aHalfOpenLinkIsNoticedByNobody() throws IOException {
        connect();
        sim.links().get(0).vanish();
        one.write(1000);
        one.close();

        sim.runFor(Duration.ofHours(1));

        assertTrue(sim.links().get(1).isOpen());
        assertThrows(AssertionError.class, other::readToTheEnd);
    }

    @Test
    void aPausedHostRunsNothingAndAJumpMakesThingsLate() throws IOException {
        connect();
        List<Duration> ran = new ArrayList<>();
        one.link().loop().execute(() -> one.link().loop().schedule(1_000_000, () -> ran.add(sim.now())));
        Duration started = sim.now();
        here.pause(SECOND);
        sim.runFor(SECOND.multipliedBy(2));
        other.link().loop().execute(() -> other.link().loop().schedule(1_000_000, () -> ran.add(sim.now())));
        sim.step();
        sim.jump(SECOND);
        sim.runFor(SECOND);

        assertEquals(List.of(started.plusMillis(1001), started.plusSeconds(3)), ran);
    }

    @Test
    void anOwnerThatBreaksTheContractIsFoundOut() throws IOException {
        connect();
        one.link().write(ByteBuffer.allocate(1));

        AssertionError found = assertThrows(AssertionError.class, sim::verify);

        assertTrue(String.valueOf(found.getMessage()).contains("off the loop"), found::getMessage);
        assertThrows(AssertionError.class, sim::verifyNoLeaks);
    }

    @Test
    void theSeedDecidesEverything() throws IOException {
        assertEquals(fingerprint(1), fingerprint(1));
        assertNotEquals(fingerprint(1), fingerprint(2));
    }

    private static long fingerprint(long seed) throws IOException {
        SimNetwork sim = new SimNetwork(seed);
        sim.conditions(SimConditions.wideArea());
        SimTransport from = sim.host("from");
        SimTransport to = sim.host("to");
        Collector collector = new Collector();
        to.listen(to.address(1), link -> collector);
        from.dial(to.address(1), SECOND, new Pump(new byte[50_000])::attach);
        sim.run();
        return sim.fingerprint();
    }
}
