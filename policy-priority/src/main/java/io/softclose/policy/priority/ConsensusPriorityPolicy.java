/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static java.util.Objects.requireNonNull;

import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.CloseDecision.Drain;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.DrainBudget;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Sends first what most depends on, and holds the connection longest for it. Messages are sorted into three lanes,
 * {@code critical}, {@code recoverable} and {@code bulk}, each with its own capacity, so that a flood of one never
 * refuses another. While open, a critical message waits for the batch in flight and, once in a burst, for one message
 * of the lanes below. A close refuses sends, drains strictly in this order, each class for its drain timeout, and waits
 * for the peer's end; the rest is UNSENT. See docs/closing.md, and docs/decisions/0007-priority-lanes.md for shares and
 * short closes. Thread-safe.
 *
 * @param classifier finds a message's class
 * @param classLanes each class's lane
 * @param answerTimeout the most that a close waits for answers, owed and awaited, when all else has gone, from its start and
 *     while any class may start messages; 5 s
 * @param shortDrainTimeout the most that critical messages may be started for when the link or the peer is probably broken,
 *     at most their drain timeout; the other classes' shrink in proportion; 1 s
 * @param finishTimeout the most that flushing and waiting for the peer's end may take after draining; 10 s
 * @param shortFinishTimeout in place of the finish timeout when the link or the peer is probably broken; 2 s
 * @param stallTimeout the most the peer may take nothing while there is something to write to it; 5 s
 */
public record ConsensusPriorityPolicy(
        MessageClassifier classifier,
        ClassLanes classLanes,
        Duration answerTimeout,
        Duration shortDrainTimeout,
        Duration finishTimeout,
        Duration shortFinishTimeout,
        Duration stallTimeout)
        implements ClosePolicy {
    /** The name this policy is chosen and reported by. */
    public static final String NAME = "consensus-priority";

    /** Checks the settings. */
    public ConsensusPriorityPolicy {
        requireNonNull(classifier, "classifier");
        requireNonNull(classLanes, "classLanes");
        Require.notNegative("answerTimeout", answerTimeout);
        Require.positive("shortDrainTimeout", shortDrainTimeout);
        ClassLanes.requireAtMost("shortDrainTimeout", shortDrainTimeout, "critical", classLanes.critical());
        Require.positive("finishTimeout", finishTimeout);
        Require.positive("shortFinishTimeout", shortFinishTimeout);
        Require.positive("stallTimeout", stallTimeout);
    }

    /** The default settings: 30 s in all, as AptosNet allows a close; 3 s when the link is probably broken. */
    public static ConsensusPriorityPolicy defaults() {
        return builder().build();
    }

    /** Starts from the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * A lane for each class. A lane whose settings leave its capacity open has as much as the limits give to one, so a
     * connection may hold three times that.
     */
    @Override
    public LanePlan lanes(Limits limits) {
        return new LanePlan(classLanes.lanes(limits), this::laneOf);
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(Admission.SEAL, schedule(reason).total(), stallTimeout);
    }

    @Override
    public CloseDecision decide(CloseSnapshot snapshot) {
        DrainSchedule schedule = schedule(snapshot.reason());
        List<Integer> mayStart = new ArrayList<>();
        Duration soonestEnd = Duration.ZERO;
        boolean waiting = false;
        for (MessageClass each : MessageClass.ALL) {
            Duration left = schedule.timeLeft(each, snapshot);
            if (!left.isZero()) {
                mayStart.add(each.lane());
                // No class has longer than the one above it.
                soonestEnd = left;
                waiting |= snapshot.lanes().get(each.lane()).queuedMessages() > 0;
            }
        }
        // Empty lanes that are not sealed are not the end: a send accepted before the seal may be about to arrive.
        boolean nothingLeft = snapshot.sealed() && !waiting;
        Duration left = nothingLeft ? DrainBudget.answersLeft(snapshot, answerTimeout, soonestEnd) : soonestEnd;
        return mayStart.isEmpty() || left.isZero() ? CloseDecision.finish() : new Drain(mayStart, left);
    }

    private int laneOf(Message message) {
        return requireNonNull(classifier.classOf(message), "classOf() answered null")
                .lane();
    }

    private DrainSchedule schedule(DisconnectReason reason) {
        return switch (reason.drain()) {
            case FULL -> new DrainSchedule(classLanes, classLanes.critical().drainTimeout(), finishTimeout);
            case SHORT, NONE -> new DrainSchedule(classLanes, shortDrainTimeout, shortFinishTimeout);
        };
    }

    /** Collects settings; each setter is named after what it sets. */
    public static final class Builder {
        private MessageClassifier classifier = new ConsensusClassifier();
        private LaneSettings critical = ClassLanes.defaults().critical();
        private LaneSettings recoverable = ClassLanes.defaults().recoverable();
        private LaneSettings bulk = ClassLanes.defaults().bulk();
        private Duration answerTimeout = Duration.ofSeconds(5);
        private Duration shortDrainTimeout = Duration.ofSeconds(1);
        private Duration finishTimeout = Duration.ofSeconds(10);
        private Duration shortFinishTimeout = Duration.ofSeconds(2);
        private Duration stallTimeout = Duration.ofSeconds(5);

        private Builder() {}

        /** Sets {@link ConsensusPriorityPolicy#classifier}; a {@link ConsensusClassifier} by default. */
        public Builder classifier(MessageClassifier messageClassifier) {
            classifier = messageClassifier;
            return this;
        }

        /** Changes {@link ClassLanes#critical}: {@code critical(lane -> lane.withMaxMessages(4096))}. */
        public Builder critical(UnaryOperator<LaneSettings> change) {
            critical = change.apply(critical);
            return this;
        }

        /** Changes {@link ClassLanes#recoverable}. */
        public Builder recoverable(UnaryOperator<LaneSettings> change) {
            recoverable = change.apply(recoverable);
            return this;
        }

        /** Changes {@link ClassLanes#bulk}. */
        public Builder bulk(UnaryOperator<LaneSettings> change) {
            bulk = change.apply(bulk);
            return this;
        }

        /** Sets {@link ConsensusPriorityPolicy#answerTimeout}; zero to wait for none. */
        public Builder answerTimeout(Duration timeout) {
            answerTimeout = timeout;
            return this;
        }

        /** Sets {@link ConsensusPriorityPolicy#shortDrainTimeout}. */
        public Builder shortDrainTimeout(Duration timeout) {
            shortDrainTimeout = timeout;
            return this;
        }

        /** Sets {@link ConsensusPriorityPolicy#finishTimeout}. */
        public Builder finishTimeout(Duration timeout) {
            finishTimeout = timeout;
            return this;
        }

        /** Sets {@link ConsensusPriorityPolicy#shortFinishTimeout}. */
        public Builder shortFinishTimeout(Duration timeout) {
            shortFinishTimeout = timeout;
            return this;
        }

        /** Sets {@link ConsensusPriorityPolicy#stallTimeout}. */
        public Builder stallTimeout(Duration timeout) {
            stallTimeout = timeout;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a setting is out of bounds, or a class may drain for longer than the one
         *     above it
         */
        public ConsensusPriorityPolicy build() {
            return new ConsensusPriorityPolicy(
                    classifier,
                    new ClassLanes(critical, recoverable, bulk),
                    answerTimeout,
                    shortDrainTimeout,
                    finishTimeout,
                    shortFinishTimeout,
                    stallTimeout);
        }
    }
}
