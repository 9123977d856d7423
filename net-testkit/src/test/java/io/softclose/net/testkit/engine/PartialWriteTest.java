/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.frameSize;
import static io.softclose.net.testkit.engine.Messages.inLane;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseEnding;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How three messages end when the link has taken the first k bytes of them, for every k, and then something happens.
 * Their frames are a, b and c; the second is in a lane of its own.
 */
class PartialWriteTest {
    private static final Message A = inLane(0, "aa");
    private static final Message B = inLane(1, "bbbb");
    private static final Message C = inLane(0, "c");
    private static final int END_OF_A = frameSize(A);
    private static final int END_OF_C = END_OF_A + frameSize(C);
    private static final int END_OF_B = END_OF_C + frameSize(B);
    private static final long ALL = Long.MAX_VALUE;

    @RegisterExtension
    final Node node = new Node();

    static IntStream everySplit() {
        return IntStream.rangeClosed(0, END_OF_B);
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void aBrokenLinkLeavesWhatItHasNotTakenWholeUnsent(int taken) {
        Conversation talk = stuckAfter(taken);

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertOutcomes(talk, taken, Outcome.WRITTEN);
        assertEquals(CloseEnding.ERROR, talk.report().ending());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void aBrokenLinkLeavesWhatItTookAndMayHaveFlushedUncertain(int taken) {
        Conversation talk = connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.link.room(taken);
        talk.sendAll(A, B, C);
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertOutcomes(talk, taken, Outcome.UNCERTAIN);
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void onlyFlushedBytesAreWritten(int flushed) {
        Conversation talk = connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.sendAll(A, B, C);
        node.run();
        talk.link.flush(flushed);
        node.run();

        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(
                Stream.of(END_OF_A, END_OF_C, END_OF_B)
                        .map(end -> end <= flushed ? Outcome.WRITTEN : Outcome.UNCERTAIN)
                        .toList(),
                talk.outcomes.ofEach(A, C, B));
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void whatIsFlushedAsTheLinkBreaksIsWritten(int flushed) {
        Conversation talk = connect();
        talk.link.flushing(Flushing.ON_DEMAND);
        talk.sendAll(A, B, C);
        node.run();

        talk.link.flush(flushed);
        talk.link.fail(new IOException("deliberate"));
        node.run();

        assertEquals(
                Stream.of(END_OF_A, END_OF_C, END_OF_B)
                        .map(end -> end <= flushed ? Outcome.WRITTEN : Outcome.UNCERTAIN)
                        .toList(),
                talk.outcomes.ofEach(A, C, B));
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void theDeadlineLeavesWhatWasNotTakenWholeUnsent(int taken) {
        node.policy.plans(Admission.SEAL, Duration.ofSeconds(2), Duration.ofSeconds(60));
        Conversation talk = stuckAfter(taken);

        talk.connection.close();
        node.pass(Duration.ofSeconds(2));

        assertOutcomes(talk, taken, Outcome.WRITTEN);
        assertEquals(CloseEnding.DEADLINE, talk.report().ending());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void finishCompletesTheFrameBeingWrittenAndNoOther(int taken) {
        node.policy.decides(snapshot -> CloseDecision.finish());
        Conversation talk = stuckAfter(taken);

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertOutcomesOnceStartedIsCompleted(talk, taken, Outcome.UNSENT);
        assertEquals(labelsOfStarted(taken), talk.received());
        assertEquals(0, talk.receivedPartly());
        assertEquals(CloseEnding.CLEAN, talk.report().ending());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void discardDropsWhatHasNotStarted(int taken) {
        node.policy.decides(discardFirst(Set.of(0, 1)));
        Conversation talk = stuckAfter(taken);

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        assertOutcomesOnceStartedIsCompleted(talk, taken, Outcome.DISCARDED);
        assertEquals(labelsOfStarted(taken), talk.received());
        assertEquals(0, talk.receivedPartly());
    }

    @ParameterizedTest
    @MethodSource("everySplit")
    void discardingALaneLeavesTheOthersIntact(int taken) {
        node.policy.decides(discardFirst(Set.of(0)));
        Conversation talk = stuckAfter(taken);

        talk.connection.close();
        node.run();
        talk.peerTakes(ALL);
        talk.peerEnds();

        List<String> expected = new ArrayList<>();
        if (taken > 0) {
            expected.add("aa");
        }
        if (taken > END_OF_A) {
            expected.add("c");
        }
        expected.add("bbbb");
        assertEquals(expected, talk.received());
        assertEquals(0, talk.receivedPartly());
        assertEquals(
                List.of(
                        taken > 0 ? Outcome.WRITTEN : Outcome.DISCARDED,
                        taken > END_OF_A ? Outcome.WRITTEN : Outcome.DISCARDED,
                        Outcome.WRITTEN),
                talk.outcomes.ofEach(A, C, B));
    }

    /** Discards when first asked, then drains what is left, then finishes. */
    private Function<CloseSnapshot, CloseDecision> discardFirst(Set<Integer> lanes) {
        return snapshot -> node.policy.asked().size() == 1
                ? new CloseDecision.Discard(lanes)
                : ScriptedPolicy.drainThenFinish(snapshot);
    }

    /** Lanes 0 and 1; of the frames, in the order A, C, B, the peer has taken this many bytes and takes no more. */
    private Conversation stuckAfter(int taken) {
        Conversation talk = connect();
        talk.peerTakes(taken);
        talk.sendAll(A, B, C);
        node.run();
        return talk;
    }

    private Conversation connect() {
        node.policy.lanes("urgent", "bulk");
        return node.connect();
    }

    private static List<String> labelsOfStarted(int taken) {
        List<String> labels = new ArrayList<>();
        if (taken > 0) {
            labels.add("aa");
        }
        if (taken > END_OF_A) {
            labels.add("c");
        }
        if (taken > END_OF_C) {
            labels.add("bbbb");
        }
        return labels;
    }

    private static void assertOutcomes(Conversation talk, int taken, Outcome ofTaken) {
        List<Outcome> expected = Stream.of(END_OF_A, END_OF_C, END_OF_B)
                .map(end -> end <= taken ? ofTaken : Outcome.UNSENT)
                .toList();
        assertEquals(expected, talk.outcomes.ofEach(A, C, B));
        assertReturned(talk, expected);
    }

    private static void assertOutcomesOnceStartedIsCompleted(Conversation talk, int taken, Outcome ofRest) {
        List<Outcome> expected = Stream.of(0, END_OF_A, END_OF_C)
                .map(start -> start < taken ? Outcome.WRITTEN : ofRest)
                .toList();
        assertEquals(expected, talk.outcomes.ofEach(A, C, B));
        assertReturned(talk, expected);
    }

    private static void assertReturned(Conversation talk, List<Outcome> outcomes) {
        List<Message> inOrder = List.of(A, C, B);
        List<String> expected = IntStream.range(0, 3)
                .filter(i -> outcomes.get(i) != Outcome.WRITTEN)
                .mapToObj(i -> Messages.labelOf(inOrder.get(i)) + " " + outcomes.get(i))
                .toList();
        assertEquals(expected, talk.returned());
    }
}
