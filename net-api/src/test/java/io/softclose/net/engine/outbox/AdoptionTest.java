/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.SendSteps.Step;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second door of an outbox of four places. */
class AdoptionTest {
    private static final OutcomeListener NOBODY = (message, outcome) -> {};

    private final Limits limits = Limits.builder()
            .maxFrameSize(1024)
            .outboxMessages(4)
            .outboxBytes(4096)
            .build();
    private final HandLoop loop = new HandLoop();
    private final Outbox outbox = new Outbox(LanePlan.single(limits), limits, loop, () -> {});
    private final LaneQueue lane = outbox.lanes().get(0);

    @Test
    void queuesWhatItAdoptsBehindWhatItsLaneHolds() {
        Message sent = message(1);
        Message adopted = message(2);
        Message large = message(1024);

        assertEquals(SendResult.ACCEPTED, outbox.offer(sent, null));
        assertEquals(SendResult.ACCEPTED, outbox.adopt(adopted, null));
        assertEquals(SendResult.ACCEPTED, outbox.adopt(large, null));

        assertEquals(1027, lane.usedBytes());
        assertSame(sent, lane.poll(Form.WHOLE));
        assertSame(adopted, lane.poll(Form.WHOLE), "a message that nobody watches is queued as it is");
        assertSame(large, lane.poll(Form.STREAMED));
    }

    @Test
    void queuesTheListenerAndTheTimeThatIsLeft() {
        loop.pass(Duration.ofSeconds(5));
        Message message = message(1).withTimeToLive(Duration.ofSeconds(60));

        outbox.adopt(message, NOBODY, Duration.ofSeconds(1));
        outbox.adopt(message, NOBODY);
        outbox.adopt(message(1), NOBODY, Duration.ofSeconds(1));

        assertEquals(new Envelope(message, NOBODY, Duration.ofSeconds(6).toNanos()), lane.poll(Form.WHOLE));
        assertEquals(new Envelope(message, NOBODY, Duration.ofSeconds(65).toNanos()), lane.poll(Form.WHOLE));
        assertFalse(Envelope.mortal(requireNonNull(lane.poll(Form.WHOLE), "the third")), "it has no time to live");
        assertTrue(lane.mayExpire());
    }

    @Test
    void keepsToTheLanesBounds() {
        assertEquals(SendResult.TOO_LARGE, outbox.adopt(message(4097), null));
        assertEquals(SendResult.ACCEPTED, outbox.adopt(message(4000), null));
        assertEquals(SendResult.OUTBOX_FULL, outbox.adopt(message(97), null), "bytes");
        for (int i = 1; i < 4; i++) {
            assertEquals(SendResult.ACCEPTED, outbox.adopt(message(1), null));
        }
        assertEquals(SendResult.OUTBOX_FULL, outbox.adopt(message(1), null), "messages");
        assertEquals(SendResult.OUTBOX_FULL, outbox.offer(message(1), null), "for sends as well");

        lane.release(1, 4000);
        assertEquals(SendResult.ACCEPTED, outbox.adopt(message(1), null));
    }

    @Test
    void isNotHeldUpByTheSealAndDoesNotBreakIt() {
        assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));
        outbox.seal();

        assertEquals(SendResult.ACCEPTED, outbox.adopt(message(1), null));
        assertEquals(SendResult.CLOSING, outbox.offer(message(1), null));

        assertEquals(2, outbox.accepted());
        assertTrue(outbox.sealed());
    }

    @Test
    void anAdoptedMessageIsNotTakenBeforeASendThatHasPassedTheGateBeforeIt() {
        List<Boolean> ready = new ArrayList<>();
        outbox.disturb(doing(Step.SLOT, () -> {
            outbox.disturb(SendSteps.UNDISTURBED);
            outbox.seal();
            assertEquals(SendResult.ACCEPTED, outbox.adopt(message(2), null));
            ready.add(outbox.ready());
            assertEquals(2, outbox.accepted());
        }));

        assertEquals(SendResult.ACCEPTED, outbox.offer(message(1), null));

        assertEquals(List.of(false), ready);
        assertEquals(1, ((Message) requireNonNull(lane.poll(Form.WHOLE), "the first")).size());
        assertEquals(2, ((Message) requireNonNull(lane.poll(Form.WHOLE), "the second")).size());
    }

    @Test
    void refusesEverythingOnceAdoptionHasEnded() {
        assertEquals(SendResult.ACCEPTED, outbox.adopt(message(1), null));

        outbox.endAdoption();

        assertEquals(SendResult.CLOSING, outbox.adopt(message(1), null));
        assertEquals(SendResult.CLOSING, outbox.adopt(message(5000), null), "too large, but that makes no difference");
        assertEquals(1, lane.offered());
        assertEquals(1, lane.usedBytes());
        assertEquals(1, outbox.accepted());
    }

    @Test
    void wakesALoopThatRestsOnce() {
        outbox.adopt(message(1), null);
        outbox.adopt(message(1), null);
        assertEquals(1, loop.waitingTasks());

        loop.runAll();
        lane.poll(Form.WHOLE);
        lane.poll(Form.WHOLE);
        outbox.rest(outbox::ready);
        outbox.adopt(message(1), null);
        assertEquals(1, loop.waitingTasks());
    }

    @ParameterizedTest
    @EnumSource(names = {"SEGMENT", "TICKET"})
    void anAdoptionThatIsCutOffBeforeItHasItsSlotFailsAndLeavesNothing(Step step) {
        StackOverflowError failure = new StackOverflowError("deliberate");
        outbox.disturb(throwingAt(step, failure));

        assertSame(failure, assertThrows(StackOverflowError.class, () -> outbox.adopt(message(7), null)));

        assertEquals(0, outbox.accepted());
        assertEquals(0, lane.usedBytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOT", "WAKE_UP"})
    void anAdoptionThatIsCutOffBehindItsTicketIsAccepted(Step step) {
        outbox.disturb(throwingAt(step, new StackOverflowError("deliberate")));

        assertEquals(SendResult.ACCEPTED, outbox.adopt(message(7), null));

        assertEquals(1, outbox.accepted());
        assertTrue(lane.ready(Form.WHOLE));
        outbox.disturb(SendSteps.UNDISTURBED);
        loop.runAll();
        outbox.wake();
        assertEquals(step == Step.WAKE_UP ? 1 : 0, loop.waitingTasks(), "who comes next tries again");
    }

    private static SendSteps throwingAt(Step wanted, Error failure) {
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

    private static Message message(int size) {
        return Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[size]);
    }
}
