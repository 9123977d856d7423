/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.outbox.Envelope;
import io.softclose.net.engine.outbox.LaneQueue;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.stream.Dispatcher.Choice;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Choices are written as lane and letter: {@code 0W} whole, {@code 0L} large, {@code 0F} fragment. */
class DispatcherTest {
    private static final int CHUNK = 100;

    private final LaneQueue urgent = lane("urgent", 300);
    private final LaneQueue middle = lane("middle", 200);
    private final LaneQueue low = lane("low", 100);
    private final Dispatcher dispatcher = new Dispatcher(List.of(urgent, middle, low));
    private @Nullable OutboundStream stream;

    @Test
    void nothingMayGoFromEmptyLanes() {
        assertFalse(dispatcher.ready(null));
        assertEquals(Choice.NOTHING, dispatcher.next(null));
    }

    @Test
    void theMostUrgentLaneGoesFirst() {
        queue(low, Form.WHOLE, 1);
        queue(urgent, Form.WHOLE, 2);
        queue(middle, Form.WHOLE, 1);

        assertEquals("0W 0W 1W 2W", choices(10));
    }

    @Test
    void aLaneThatSentItsBurstGivesOneTurnToThoseBelow() {
        queue(urgent, Form.WHOLE, 9);
        queue(middle, Form.WHOLE, 9);
        queue(low, Form.WHOLE, 9);

        // Three messages of the urgent lane, then one of the middle; after two of those, one of the low.
        assertEquals("0W 0W 0W 1W 0W 0W 0W 1W 0W 0W 0W 2W 1W", choices(13));
    }

    @Test
    void aTurnThatIsLongerThanTheBurstIsPaidBack() {
        queue(urgent, Form.WHOLE, 20);
        offer(low, 10 * CHUNK, Form.WHOLE);
        offer(low, 10 * CHUNK, Form.WHOLE);

        // The turn took 700 bytes more than the urgent lane's burst of 300.
        assertEquals("0W 0W 0W 2W 0W 0W 0W 0W 0W 0W 0W 0W 0W 0W 2W", choices(15));
    }

    @Test
    void drainingIsStrictAndLeavesOutLanesNotNamed() {
        queue(urgent, Form.WHOLE, 5);
        queue(middle, Form.WHOLE, 5);
        queue(low, Form.WHOLE, 2);

        dispatcher.drain(List.of(2, 0));

        assertEquals("2W 2W 0W 0W 0W 0W 0W", choices(20));
        assertFalse(dispatcher.ready(null), "the middle lane waits");
    }

    @Test
    void wholeMessagesAndFragmentsTakeTurnsByBytes() {
        queue(urgent, Form.STREAMED, 1);
        queue(urgent, Form.WHOLE, 4);

        assertEquals("0S 0W 0F 0W 0F 0W 0W", choices(10));
    }

    @Test
    void aStartedStreamComesFirstWhileDraining() {
        queue(urgent, Form.STREAMED, 1);
        queue(urgent, Form.WHOLE, 2);
        assertEquals("0S", choices(1));

        dispatcher.drain(List.of(0, 1, 2));

        assertEquals("0F 0F 0W 0W", choices(10));
    }

    @Test
    void aStreamTakesOnTheUrgencyOfALargeMessageThatWaitsForItsEnd() {
        queue(low, Form.STREAMED, 1);
        assertEquals("2S", choices(1));
        queue(middle, Form.WHOLE, 1);
        queue(urgent, Form.STREAMED, 1);

        // The urgent lane has sent its burst by then, so one message of the lane below has its turn.
        assertEquals("0F 0F 0S 1W 0F 0F", choices(10));
    }

    @Test
    void whileDrainingWholeMessagesPassAStreamOfALaneBelowThatIsFinishedForTheirs() {
        queue(low, Form.STREAMED, 1);
        assertEquals("2S", choices(1));
        queue(urgent, Form.STREAMED, 1);
        queue(urgent, Form.WHOLE, 2);

        dispatcher.drain(List.of(0, 1, 2));

        assertEquals("0W 0W 0F 0F 0S 0F 0F", choices(10));
    }

    @Test
    void aStartedStreamIsFinishedThoughItsLaneMayStartNothing() {
        queue(low, Form.STREAMED, 2);
        assertEquals("2S", choices(1));
        queue(urgent, Form.WHOLE, 2);

        dispatcher.drain(List.of(0));

        assertTrue(dispatcher.ready(stream));
        assertEquals("0W 0W 2F 2F", choices(10));
        assertFalse(dispatcher.ready(stream));
    }

    @Test
    void whatGoesOnWithoutACloserLookIsWhatThatWouldChoose() {
        Random random = new Random(1);
        int shortcuts = 0;
        int runs = 0;
        for (int step = 0; step < 20_000; step++) {
            LaneQueue lane = laneAt(random.nextInt(3));
            if (random.nextInt(3) == 0) {
                queue(lane, random.nextInt(4) == 0 ? Form.STREAMED : Form.WHOLE, random.nextInt(5));
            }
            if (step == 10_000) {
                dispatcher.drain(List.of(1, 2, 0));
            }
            shortcuts += dispatcher.again(stream) ? 1 : 0;
            runs += dispatcher.goesOn() ? 1 : 0;
            choices(1);
        }
        assertTrue(shortcuts > 1_000, "shortcuts: " + shortcuts);
        assertTrue(runs > 1_000, "runs: " + runs);
    }

    /** Makes choices and acts on them, as the writer does, with messages of 100 bytes and streams of three chunks. */
    private String choices(int most) {
        List<String> made = new ArrayList<>();
        Choice choice = next();
        while (choice != Choice.NOTHING && made.size() < most) {
            int lane = dispatcher.lane();
            made.add(lane + choice.name().substring(0, 1));
            act(choice, lane);
            if (made.size() < most) {
                choice = next();
            }
        }
        return String.join(" ", made);
    }

    private Choice next() {
        boolean again = dispatcher.again(stream) && laneAt(dispatcher.lane()).ready(Form.WHOLE);
        int before = dispatcher.lane();
        boolean goesOn = dispatcher.goesOn() && wholeIsNext(laneAt(before));
        Choice choice = dispatcher.next(stream);
        if (again || goesOn) {
            assertEquals(before + "WHOLE", dispatcher.lane() + choice.name());
        }
        return choice;
    }

    /** As {@link LaneQueue#pollNext} would find, which only looks at what is next. */
    private static boolean wholeIsNext(LaneQueue lane) {
        return !lane.ready(Form.STREAMED) && lane.ready(Form.WHOLE);
    }

    private LaneQueue laneAt(int index) {
        return List.of(urgent, middle, low).get(index);
    }

    private void act(Choice choice, int lane) {
        LaneQueue queue = laneAt(lane);
        int bytes = CHUNK;
        if (choice == Choice.WHOLE) {
            Object element = Objects.requireNonNull(queue.poll(Form.WHOLE));
            bytes = Envelope.messageOf(element).size();
        } else if (choice == Choice.STREAM) {
            queue.poll(Form.STREAMED);
            stream = new OutboundStream(message(3 * CHUNK), lane, 1, CHUNK, 0);
        }
        OutboundStream moving = stream;
        if (choice != Choice.WHOLE && moving != null && !moving.advance()) {
            stream = null;
        }
        dispatcher.sent(bytes);
    }

    private static void queue(LaneQueue lane, Form form, int count) {
        for (int i = 0; i < count; i++) {
            offer(lane, form == Form.WHOLE ? CHUNK : 3 * CHUNK, form);
        }
    }

    private static void offer(LaneQueue lane, int size, Form form) {
        assertEquals(SendResult.ACCEPTED, lane.offer(message(size), size, form, true));
    }

    private static Message message(int size) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[size]);
    }

    private static LaneQueue lane(String name, long burstBytes) {
        return new LaneQueue(new Lane(name, 1 << 20, 1 << 30, burstBytes), Integer.MAX_VALUE);
    }
}
