/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.net.NetworkException;
import io.softclose.net.spi.Scheduler;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The time that a network lends: any thread sets timers, and the loop runs them. */
class SchedulerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final Node node = new Node();

    private final List<String> ran = new ArrayList<>();

    private Timer schedule(Duration delay, String what) {
        return node.network().scheduler().schedule(delay.toNanos(), () -> ran.add(what));
    }

    @Test
    void aTaskRunsOnTheLoopWhenItsTimeHasPassedAndOnce() {
        schedule(SECOND, "due");
        node.pass(SECOND.minusNanos(1));
        assertEquals(List.of(), ran);

        node.pass(Duration.ofNanos(1));
        node.pass(SECOND.multipliedBy(10));

        assertEquals(List.of("due"), ran);
    }

    @Test
    void theTimeUntilTheLoopHearsOfATaskCounts() {
        schedule(SECOND, "due");
        // No task of the loop has run yet when the time is over.
        node.loop.runNow(() -> node.loop.spend(SECOND));

        node.run();

        assertEquals(List.of("due"), ran);
    }

    @Test
    void tasksWithoutDelayRunInTheirOrderWhoeverSetsThem() {
        node.loop.runNow(() -> schedule(Duration.ZERO, "by the loop"));
        schedule(Duration.ZERO, "by another thread");
        node.loop.runNow(() -> schedule(Duration.ZERO, "by the loop again"));

        node.run();

        assertEquals(List.of("by the loop", "by another thread", "by the loop again"), ran);
    }

    @Test
    void aTaskThatIsCancelledDoesNotRunAndLeavesNoTimer() {
        Timer early = schedule(SECOND, "cancelled before the loop knew");
        early.cancel();
        Timer late = schedule(SECOND, "cancelled when it waited");
        node.run();
        late.cancel();
        late.cancel();
        node.run();

        assertEquals(0, node.loop.pendingTimers());
        node.pass(SECOND.multipliedBy(2));
        assertEquals(List.of(), ran);
    }

    @Test
    void aTaskMayCancelAnotherThatIsDue() {
        Scheduler scheduler = node.network().scheduler();
        List<Timer> other = new ArrayList<>();
        scheduler.schedule(SECOND.toNanos(), () -> other.forEach(Timer::cancel));
        other.add(schedule(SECOND, "cancelled"));

        node.pass(SECOND);

        assertEquals(List.of(), ran);
    }

    @Test
    void itIsAlwaysTheSameAndHasTheLoopsClock() {
        Scheduler scheduler = node.network().scheduler();

        assertSame(scheduler, node.network().scheduler());
        assertEquals(node.loop.nanoTime(), scheduler.nanoTime());
    }

    @Test
    void aNegativeDelayIsRefused() {
        Scheduler scheduler = node.network().scheduler();

        assertThrows(IllegalArgumentException.class, () -> scheduler.schedule(-1, () -> {}));
    }

    @Test
    void itOutlivesTheShutdownOfANetworkWhoseTransportGoesOn() {
        Scheduler scheduler = node.network().scheduler();
        assertEquals(node.loop.nanoTime(), scheduler.nanoTime());
        node.network().shutdown();
        node.run();

        schedule(SECOND, "after the shutdown");
        node.pass(SECOND);

        assertEquals(List.of("after the shutdown"), ran);
    }

    @Test
    void ofANetworkThatWasShutDownBeforeItCannotBeUsed() {
        node.network().shutdown();

        assertThrows(NetworkException.class, () -> schedule(SECOND, "never"));
    }

    @Test
    void aLoopThatHasStoppedTakesNoTask() {
        Scheduler scheduler = node.network().scheduler();
        Timer timer = schedule(Duration.ZERO, "given before");
        node.loop.stop();

        assertThrows(RejectedExecutionException.class, () -> scheduler.schedule(0, () -> {}));
        node.run();
        timer.cancel();
        assertEquals(List.of("given before"), ran);
    }
}
