/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static java.util.concurrent.Executors.callable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.Connection.RoomWait;
import io.softclose.net.Peer;
import io.softclose.net.SendResult;
import io.softclose.net.engine.Interleavings;
import io.softclose.net.engine.Race;
import io.softclose.net.engine.connection.HandNetwork;
import io.softclose.net.engine.peer.PeerScene.Talk;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Those who wait for room meet a connection that opens, closes, gives room back or ends, and each other: who goes on waiting is told once,
 * and who gives up is told or not, as it hears.
 */
@Tag("races")
class PeerRoomRaceTest {
    private static final int ROUNDS = 500;

    @Test
    void aConnectionThatTakesWhatWaitsTellsOfRoomOnce() {
        Interleavings.ofStory(Opening.class, 8);
    }

    @Test
    void aConnectionThatTakesWhatWaitsTellsOfRoomOnceInRealThreads() {
        Interleavings.stressStory(Opening.class);
    }

    @Test
    void aConnectionThatClosesTellsOfRoomForWhatWaitsOnce() {
        Interleavings.ofStory(Closing.class, 16);
    }

    @Test
    void aConnectionThatClosesTellsOfRoomForWhatWaitsOnceInRealThreads() {
        Interleavings.stressStory(Closing.class);
    }

    @Test
    void whoeverWaitsWhileRoomIsGivenBackAndConnectionsChangeIsToldOnce() throws Exception {
        try (Race race = new Race()) {
            for (int round = 0; round < ROUNDS; round++) {
                Moving story = new Moving();
                race.run(List.of(callable(story::loop), callable(story::whoWaits), callable(story::whoGivesUp)));
                story.eachIsToldOnce();
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void soItIsInManyMoreRealThreads() {
        Interleavings.stressStory(Moving.class);
    }

    /** The lane is full for one who goes on waiting, and for one who gives up. */
    public abstract static class Story {
        final PeerScene scene = Interleavings.alone(() -> new PeerScene(2));
        final Peer peer = Interleavings.alone(scene::peer);
        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger toldOther = new AtomicInteger();
        private final AtomicInteger gaveUp = new AtomicInteger();

        private RoomWait await(Runnable action) {
            return peer.onRoom(PeerScene.message("x"), action);
        }

        final void fill() {
            assertEquals(SendResult.ACCEPTED, scene.send("a"));
            assertEquals(SendResult.ACCEPTED, scene.send("b"));
        }

        @Operation
        public void whoWaits() {
            var unused = await(told::incrementAndGet);
        }

        @Operation
        public void whoGivesUp() {
            RoomWait wait = await(toldOther::incrementAndGet);
            if (wait.cancel()) {
                gaveUp.incrementAndGet();
            }
        }

        final void assertToldOnce() {
            assertEquals(1, told.get(), "told who waits");
            assertEquals(1, toldOther.get() + gaveUp.get(), "told " + toldOther + " or gave up " + gaveUp);
        }
    }

    /** Messages flow on a connection, while the line is full. Only what the line does with it is looked at. */
    public static class Opening extends Story {
        private final PeerLine line = ((LocalPeer) peer).line();
        private final Talk talk;

        public Opening() {
            talk = Interleavings.alone(() -> {
                Talk open = scene.connect(HandNetwork.NO_REGISTRY);
                line.identified(open.connection());
                fill();
                return open;
            });
        }

        @Operation
        public void loop() {
            line.opened(talk.connection());
        }

        @Validate
        public void eachIsToldOnce() {
            Interleavings.alone(() -> {
                scene.run();
                assertToldOnce();
            });
        }
    }

    /** A connection that takes nothing begins to close, and is not sealed. Only what the line does with it is looked at. */
    public static class Closing extends Story {
        private final PeerLine line = ((LocalPeer) peer).line();
        private final Talk talk;

        public Closing() {
            talk = Interleavings.alone(() -> {
                // Has the line choose its clock: what that does with loops of other tests is none of this story.
                assertEquals(SendResult.ACCEPTED, scene.send("first"));
                Talk open = scene.connect(HandNetwork.NO_REGISTRY);
                open.link().shut();
                line.identified(open.connection());
                line.opened(open.connection());
                assertEquals(SendResult.ACCEPTED, scene.send("second"));
                assertEquals(SendResult.OUTBOX_FULL, scene.send("third"));
                scene.run();
                return open;
            });
        }

        @Operation
        public void loop() {
            line.closing(talk.connection());
        }

        @Validate
        public void eachIsToldOnce() {
            Interleavings.alone(() -> {
                scene.run();
                assertToldOnce();
            });
        }
    }

    /** A connection that takes nothing for now: it takes one message, and ends; then comes another, which takes the rest. */
    public static class Moving extends Story {
        private final Talk first;

        public Moving() {
            first = Interleavings.alone(() -> {
                Talk open = scene.connect();
                open.link().shut();
                fill();
                scene.run();
                return open;
            });
        }

        @Operation
        public void loop() {
            if (first.link().widen(1)) {
                first.connection().linkHandler().onWritable();
            }
            var unused = first.connection().abort();
            for (int tasks = 0; tasks < 6; tasks++) {
                scene.runTask();
            }
        }

        @Validate
        public void eachIsToldOnce() {
            Interleavings.alone(() -> {
                scene.run();
                scene.connect();
                scene.run();
                assertToldOnce();
            });
        }
    }
}
