/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import io.softclose.bench.chaos.plan.CloseStep.Manner;
import io.softclose.bench.chaos.plan.CloseStep.Moment;
import io.softclose.bench.chaos.plan.EndPlan.TransportPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.DisconnectReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Everything that is to happen in one round, by the seed and the round's number alone, so that each participant works
 * it out by itself.
 *
 * @param cells the connections
 * @param disturbances in order of time
 */
public record RoundPlan(long seed, int round, List<CellPlan> cells, List<Disturbance> disturbances) {
    private static final int MOST_CELLS = 6;
    private static final int CROSSING_PERCENT = 25;
    private static final int KILL_PERCENT = 2;
    private static final int STOP_PERCENT = 40;
    private static final int MOST_STOPPED_MILLIS = 250;
    /** Bytes of socket buffers of which a system may give less. */
    public static final int LARGE_BUFFER = 1 << 20;
    /** Bytes that one end sends over one connection, at most. */
    private static final int MOST_BYTES = 3 << 20;
    /** How long one end's handlers may keep their event loop from other work, in all. */
    private static final int MOST_BLOCKED_MICROS = 300_000;

    /** Policies that wait for the peer's end. */
    private static final List<PolicyPlan.Kind> PATIENT =
            List.of(PolicyPlan.Kind.GRACEFUL, PolicyPlan.Kind.CONSENSUS_PRIORITY);

    private static final List<Integer> MILLIS = List.of(10, 30, 100, 300, 1000, 1500);
    private static final List<Integer> DEADLINES = List.of(0, 5, 20, 60, 150, 400, 800);
    private static final List<Integer> FRAME_SIZES = List.of(1 << 10, 1 << 13, 1 << 16, 1 << 22);
    private static final List<Integer> SOCKET_BUFFERS =
            List.of(AnyTransport.DEFAULT_BUFFER, AnyTransport.DEFAULT_BUFFER, AnyTransport.SMALL_BUFFER, LARGE_BUFFER);
    private static final List<Integer> OUTBOXES = List.of(8, 64, 1024, 4096);
    private static final List<Integer> COUNTS = List.of(0, 1, 20, 200, 1000, 3000);
    private static final List<Integer> SIZES = List.of(64, 300, 3_000, 40_000, 400_000);
    private static final List<Integer> BURSTS = List.of(1, 10, 100, 5_000);
    private static final List<DisconnectReason> REASONS = List.of(
            DisconnectReason.REQUESTED_BY_PEER_MANAGER,
            DisconnectReason.STALE_CONNECTION,
            DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE);

    /** Copies the lists. */
    public RoundPlan {
        cells = List.copyOf(cells);
        disturbances = List.copyOf(disturbances);
    }

    /**
     * The plan of a round.
     *
     * @param transports those there are, in an order that is always the same
     */
    public static RoundPlan of(long seed, int round, List<AnyTransport> transports) {
        SplittableRandom chance = new SplittableRandom(seed * 1_000_003 + round);
        Dice dice = new Dice(chance, transports);
        List<CellPlan> cells = new ArrayList<>();
        int count = 1 + chance.nextInt(MOST_CELLS);
        for (int index = 0; index < count; index++) {
            cells.add(dice.cell(round, index));
        }
        return new RoundPlan(seed, round, cells, dice.disturbances());
    }

    /** Draws the parts of a plan, always in the same order. */
    private record Dice(SplittableRandom chance, List<AnyTransport> transports) {
        CellPlan cell(int round, int index) {
            int tag = round * 2 * MOST_CELLS + 2 * index;
            return percent(CROSSING_PERCENT) ? crossing(index, tag) : any(index, tag);
        }

        /**
         * Both ends close at about the same time, and one of them is slow to handle what the other sent it before, which a
         * socket takes in easily. It may run out of time; but its end must not go out before.
         */
        private CellPlan crossing(int index, int tag) {
            Cargo many = new Cargo(tag, 100 + chance.nextInt(300), one(List.of(64, 900)), 5_000, 0, 0);
            Cargo few = new Cargo(tag + 1, chance.nextInt(10), 300, 1, 0, 0);
            int cost = 1 + chance.nextInt(MOST_BLOCKED_MICROS / many.count());
            CloseStep quick =
                    new CloseStep(Moment.SENT, 0, Manner.FULL, DisconnectReason.REQUESTED_BY_PEER_MANAGER, 0, 0);
            CloseStep hurried = new CloseStep(
                    Moment.TIME, chance.nextInt(50), Manner.WITHIN, one(REASONS), 20 + chance.nextInt(200), 0);
            EndPlan sender = new EndPlan(
                    transport(),
                    new PolicyPlan(one(PATIENT), 1_500, 1_500, 1_500),
                    1024,
                    many,
                    new HandlerPlan(HandlerPlan.Manner.QUICK, 1, 0),
                    Optional.of(quick));
            EndPlan receiver = new EndPlan(
                    new TransportPlan(one(transports), LARGE_BUFFER),
                    new PolicyPlan(one(PATIENT), one(MILLIS), one(MILLIS), 1_500),
                    1024,
                    few,
                    percent(70)
                            ? new HandlerPlan(HandlerPlan.Manner.SLOW, 1, cost)
                            : new HandlerPlan(HandlerPlan.Manner.PAUSING, many.count() / 4, 40 * cost),
                    Optional.of(hurried));
            boolean swapped = chance.nextBoolean();
            return new CellPlan(
                    index,
                    chance.nextBoolean() ? End.ALICE : End.BOB,
                    1 << 16,
                    swapped ? receiver : sender,
                    swapped ? sender : receiver);
        }

        private CellPlan any(int index, int tag) {
            int frameSize = one(FRAME_SIZES);
            Cargo fromAlice = cargo(tag);
            Cargo fromBob = cargo(tag + 1);
            // Who closes: alice, bob or both; of both, one in two times at the same moment.
            int closing = chance.nextInt(20);
            Optional<CloseStep> first = Optional.of(close());
            Optional<CloseStep> second = chance.nextBoolean() ? first : Optional.of(close());
            return new CellPlan(
                    index,
                    chance.nextBoolean() ? End.ALICE : End.BOB,
                    frameSize,
                    end(fromAlice, fromBob, closing < 13 ? first : Optional.empty()),
                    end(fromBob, fromAlice, closing >= 6 ? second : Optional.empty()));
        }

        private Cargo cargo(int tag) {
            int largest = one(SIZES);
            // The mean size is a third of the largest.
            int count = Math.min(one(COUNTS), 3 * MOST_BYTES / largest);
            return new Cargo(
                    tag,
                    count == 0 ? 0 : 1 + chance.nextInt(count),
                    largest,
                    one(BURSTS),
                    chance.nextInt(2_000),
                    percent(20) ? 30 : 0);
        }

        private EndPlan end(Cargo sent, Cargo received, Optional<CloseStep> close) {
            return new EndPlan(
                    transport(),
                    new PolicyPlan(one(List.of(PolicyPlan.Kind.values())), one(MILLIS), one(MILLIS), one(MILLIS)),
                    one(OUTBOXES),
                    sent,
                    handler(received.count()),
                    close.map(step -> withinReach(step, received.count())));
        }

        private TransportPlan transport() {
            return new TransportPlan(one(transports), one(SOCKET_BUFFERS));
        }

        private HandlerPlan handler(int messages) {
            int most = MOST_BLOCKED_MICROS / Math.max(1, messages);
            return switch (chance.nextInt(10)) {
                case 0, 1, 2 -> new HandlerPlan(HandlerPlan.Manner.SLOW, 1, 1 + chance.nextInt(Math.min(most, 20_000)));
                case 3 -> {
                    int every = 1 + chance.nextInt(Math.max(1, messages));
                    int times = Math.max(1, messages / every);
                    yield new HandlerPlan(
                            HandlerPlan.Manner.SLOW, every, Math.min(MOST_BLOCKED_MICROS / times, 60_000));
                }
                case 4, 5 ->
                    new HandlerPlan(
                            HandlerPlan.Manner.PAUSING, Math.max(1, messages / 3), 1_000 * (1 + chance.nextInt(60)));
                case 6 -> new HandlerPlan(HandlerPlan.Manner.THROWING, 1 + chance.nextInt(50), 0);
                default -> new HandlerPlan(HandlerPlan.Manner.QUICK, 1, 0);
            };
        }

        private CloseStep close() {
            Moment moment = one(List.of(Moment.values()));
            int amount = moment == Moment.TIME ? chance.nextInt(120) : 1 + chance.nextInt(500);
            Manner manner = switch (chance.nextInt(20)) {
                case 0, 1 -> Manner.ABORT;
                case 2, 3 -> Manner.SHUTDOWN;
                case 4, 5, 6, 7, 8, 9 -> Manner.WITHIN;
                default -> Manner.FULL;
            };
            int again = percent(15) && manner != Manner.ABORT ? 1 + chance.nextInt(60) : 0;
            return new CloseStep(moment, amount, manner, one(REASONS), one(DEADLINES), again);
        }

        /** Does not wait for more messages than there will be. */
        private static CloseStep withinReach(CloseStep step, int messages) {
            if (step.moment() != Moment.HANDLED || step.amount() <= messages) {
                return step;
            }
            return new CloseStep(
                    messages == 0 ? Moment.TIME : Moment.HANDLED,
                    messages,
                    step.manner(),
                    step.reason(),
                    step.deadlineMillis(),
                    step.againAfterMillis());
        }

        List<Disturbance> disturbances() {
            List<Disturbance> drawn = new ArrayList<>();
            if (percent(STOP_PERCENT)) {
                drawn.add(stop());
                if (percent(STOP_PERCENT)) {
                    drawn.add(stop());
                }
            }
            if (percent(KILL_PERCENT)) {
                drawn.add(new Disturbance(Disturbance.Kind.KILL, one(List.of(End.values())), chance.nextInt(200), 0));
            }
            drawn.sort(Comparator.comparingInt(Disturbance::atMillis));
            return drawn;
        }

        private Disturbance stop() {
            return new Disturbance(
                    Disturbance.Kind.STOP,
                    one(List.of(End.values())),
                    chance.nextInt(150),
                    1 + chance.nextInt(MOST_STOPPED_MILLIS));
        }

        private <T> T one(List<T> choices) {
            return choices.get(chance.nextInt(choices.size()));
        }

        private boolean percent(int part) {
            return chance.nextInt(100) < part;
        }
    }
}
