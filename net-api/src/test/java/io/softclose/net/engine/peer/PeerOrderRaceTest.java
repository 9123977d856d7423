/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.engine.Interleavings;
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
 * Senders meet a connection that opens, and one that closes: whatever way each message of a lane goes, past the line or in it, what
 * one sender sent leaves in its order, and behind what had been accepted before.
 */
@Tag("races")
class PeerOrderRaceTest {
    @Test
    void theWayPastTheLineOpensOnlyWhenNothingWaits() {
        Interleavings.ofStory(Opening.class, 8);
    }

    @Test
    void theWayPastTheLineOpensOnlyWhenNothingWaitsInRealThreads() {
        Interleavings.stressStory(Opening.class);
    }

    @Test
    @EnabledIfSystemProperty(named = "softclose.races", matches = "full")
    void whatComesBackGoesBeforeWhatIsSentMeanwhileInRealThreads() {
        Interleavings.stressStory(Moving.class);
    }

    /** Two senders, a message that waits, and the loop. */
    public abstract static class Story {
        final PeerScene scene = Interleavings.alone(() -> new PeerScene(16));
        private final AtomicInteger accepted = new AtomicInteger();

        void send(String label) {
            if (scene.send(label).accepted()) {
                accepted.incrementAndGet();
            }
        }

        @Operation
        public void sender() {
            send("a1");
            send("a2");
        }

        @Operation
        public void otherSender() {
            send("b1");
            send("b2");
        }

        final void assertOrder() {
            List<String> heard = scene.heard;
            assertEquals(accepted.get(), heard.size(), heard::toString);
            assertTrue(heard.stream().allMatch(one -> one.endsWith(" WRITTEN")), heard::toString);
            assertEquals("first WRITTEN", heard.get(0), heard::toString);
            for (String sender : List.of("a", "b")) {
                assertTrue(heard.indexOf(sender + "1 WRITTEN") < heard.indexOf(sender + "2 WRITTEN"), heard::toString);
            }
        }
    }

    /** Messages flow on a connection, while some wait. Only what the line does with it is looked at. */
    public static class Opening extends Story {
        private final PeerLine line = ((LocalPeer) scene.peer()).line();
        private final Talk talk;

        public Opening() {
            talk = Interleavings.alone(() -> {
                Talk open = scene.connect(HandNetwork.NO_REGISTRY);
                line.identified(open.connection());
                send("first");
                send("second");
                return open;
            });
        }

        @Operation
        public void loop() {
            line.opened(talk.connection());
        }

        @Validate
        public void everythingLeftInOrder() {
            Interleavings.alone(() -> {
                scene.run();
                assertOrder();
                assertEquals("second WRITTEN", scene.heard.get(1), scene.heard::toString);
            });
        }
    }

    /** A connection that takes nothing ends, and another, which is open, takes its place. */
    public static class Moving extends Story {
        private final Talk stuck;

        public Moving() {
            stuck = Interleavings.alone(() -> {
                Talk first = scene.connect();
                first.link().shut();
                send("first");
                scene.run();
                scene.connect();
                return first;
            });
        }

        @Operation
        public void loop() {
            var unused = stuck.connection().abort();
            scene.runTask();
            scene.runTask();
            scene.runTask();
        }

        @Validate
        public void everythingLeftInOrder() {
            Interleavings.alone(() -> {
                scene.run();
                assertOrder();
            });
        }
    }
}
