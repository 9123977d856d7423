/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** However a loop ends, no link of it is left that was not told. */
final class LoopEndTest {
    private final List<String> told = new ArrayList<>();
    private final TaskQueue tasks = new TaskQueue(new NoTurns());
    private final LoopLinks links = new LoopLinks(() -> {});
    private int overs;
    private long now;
    private final LoopEnd end = end(true);

    private LoopEnd end(boolean ownThread) {
        return new LoopEnd(() -> now, links, tasks, ownThread, () -> overs++);
    }

    private record NoTurns() implements TaskQueue.Turns {
        @Override
        public void begin() {}

        @Override
        public void soon() {}

        @Override
        public void afterIo() {}

        @Override
        public void end() {}
    }

    /** A link whose socket the system keeps, or that closes as soon as it is asked to. */
    private final class FakeLink implements LoopLinks.Member {
        private final String name;
        private final boolean stuck;
        private @Nullable Error failure;

        FakeLink(String name, boolean stuck) {
            this.name = name;
            this.stuck = stuck;
            links.opening(this);
        }

        @Override
        public void abort() {
            if (!stuck) {
                tasks.afterIo(() -> tell(name + " aborted"));
            }
        }

        @Override
        public void look() {}

        @Override
        public void loopEnded(Throwable cause) {
            Error thrown = failure;
            if (thrown != null) {
                failure = null;
                throw thrown;
            }
            tell(name + " ended");
        }

        private void tell(String event) {
            told.add(event);
            links.closed(this);
        }
    }

    /** What is left of a link. */
    private final class Lingers implements LingeringLinks.Member {
        Lingers() {
            links.lingering().add(this);
        }

        @Override
        public void expire() {
            links.lingering().remove(this);
        }

        @Override
        public boolean over() {
            return false;
        }
    }

    private void turn() {
        tasks.beforeIo();
        tasks.turn(true);
        if (end.underWay()) {
            end.round();
        }
    }

    private boolean isOver() {
        return end.over().isDone();
    }

    @Test
    void aLoopWithoutLinksEndsAtOnce() {
        assertFalse(end.due());
        end.request();
        assertTrue(end.due());

        turn();

        assertTrue(isOver());
        assertEquals(1, overs);
        assertFalse(end.due());
        assertThrows(RejectedExecutionException.class, () -> tasks.add(() -> {}));
    }

    @Test
    void linksAreAbortedAndTellOfTheirEndThemselves() {
        new FakeLink("one", false);
        new FakeLink("two", false);
        end.request();

        turn();
        assertFalse(isOver());
        turn();

        assertEquals(2, told.size());
        assertTrue(told.containsAll(List.of("one aborted", "two aborted")), told::toString);
        assertTrue(isOver());
    }

    /** A dial that was accepted, and comes up when nothing comes after it. */
    @Test
    void aLinkThatTheLastTaskOpensIsTold() {
        tasks.add(() -> new FakeLink("last", false));

        end.atOnce();

        assertEquals(List.of("last ended"), told);
        assertTrue(isOver());
    }

    @Test
    void aLinkThatTheLastTaskOfAStoppedLoopOpensIsTold() {
        Runnable again = new Runnable() {
            @Override
            public void run() {
                try {
                    tasks.add(this);
                } catch (RejectedExecutionException last) {
                    new FakeLink("last", false);
                }
            }
        };
        tasks.add(again);
        end.request();

        for (int i = 0; i < 1000 && !isOver(); i++) {
            turn();
        }

        assertTrue(isOver());
        assertEquals(List.of("last ended"), told);
    }

    /** Whoever closes the transport waits for nothing else. */
    @Test
    void aLinkThatDoesNotCloseIsToldInTheEnd() {
        FakeLink stuck = new FakeLink("stuck", true);
        stuck.failure = new OutOfMemoryError("on purpose");
        end.request();
        turn();
        now += TimeUnit.SECONDS.toNanos(9);
        turn();
        assertEquals(List.of(), told);

        now += TimeUnit.SECONDS.toNanos(2);
        turn();
        assertFalse(isOver(), "a failure was the last word");
        turn();

        assertEquals(List.of("stuck ended"), told);
        assertTrue(isOver());
    }

    /** Its tasks are its owner's. */
    @Test
    void onALoopOfAUsersLinksAreToldAndTasksGoOn() {
        LoopEnd given = end(false);
        new FakeLink("stuck", true);
        given.request();
        given.round();
        now += TimeUnit.SECONDS.toNanos(11);
        List<String> ran = new ArrayList<>();

        given.round();
        tasks.add(() -> ran.add("task"));
        tasks.turn(false);

        assertEquals(List.of("stuck ended"), told);
        assertEquals(1, overs);
        assertEquals(List.of("task"), ran);
    }

    @Test
    void linksThatLingerHaveASecondAndAreLookedAtMeanwhile() {
        new Lingers();
        end.request();

        turn();
        assertEquals(now + LoopEnd.LOOK_NANOS, end.dueNanos());
        assertFalse(end.due(), "the loop spins");
        now += TimeUnit.MILLISECONDS.toNanos(999);
        turn();
        assertFalse(isOver());
        now += TimeUnit.MILLISECONDS.toNanos(2);
        turn();

        assertTrue(isOver());
        assertEquals(Long.MAX_VALUE, end.dueNanos());
    }

    @Test
    void aLoopThatHasEndedDoesNotEndAgain() {
        end.request();
        turn();

        end.atOnce();
        end.hadEnded();

        assertEquals(1, overs);
    }
}
