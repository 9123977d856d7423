/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What did not go of a connection's messages, lane by lane, in the order in which they would have gone: for its report,
 * and for the peer's next connection. Loop only.
 */
final class Leftovers {
    private static final List<OnTheWay> NOTHING = List.of();

    /** Of each lane, without what was on its way to the end. */
    private final List<ArrayList<Left>> byLane;
    /** Of all lanes, what was on its way when the link went, in order. */
    private List<OnTheWay> onTheWay = NOTHING;

    private boolean handsOver;

    /** A lane's element that has ended. */
    private record Left(Object element, Outcome outcome) {
        /** What is handed over; null if it comes back. */
        @Nullable
        Envelope handedOver() {
            return outcome == Outcome.HANDED_OVER ? (Envelope) element : null;
        }
    }

    /**
     * A message that was on its way until the link went.
     *
     * @param place how many of its lane had been left when it was put on its way; younger ones followed
     */
    private record OnTheWay(int lane, int place, Left left) {}

    Leftovers(int lanes) {
        byLane = new ArrayList<>(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            byLane.add(new ArrayList<>(0));
        }
    }

    /** One more, behind all others of its lane. If this throws, for want of memory, it is not among them. */
    void add(int lane, Object element, Outcome outcome) {
        byLane.get(lane).add(new Left(element, outcome));
        handsOver |= outcome == Outcome.HANDED_OVER;
    }

    /** As {@link #add}, for what was on its way until the link went. */
    void addOnTheWay(int lane, Object element, Outcome outcome, int place) {
        if (onTheWay.isEmpty()) {
            onTheWay = new ArrayList<>();
        }
        onTheWay.add(new OnTheWay(lane, place, new Left(element, outcome)));
        handsOver |= outcome == Outcome.HANDED_OVER;
    }

    /** Where what is put on its way now stands in its lane. */
    int place(int lane) {
        return byLane.get(lane).size();
    }

    /** What comes back, most urgent lane first. */
    List<ReturnedMessage> returned(List<LaneQueue> lanes) {
        List<ReturnedMessage> all = new ArrayList<>();
        for (int lane = 0; lane < byLane.size(); lane++) {
            String name = lanes.get(lane).lane().name();
            for (Left one : inOrder(lane)) {
                if (one.handedOver() == null) {
                    all.add(new ReturnedMessage(Envelope.messageOf(one.element), one.outcome, name));
                }
            }
        }
        return all;
    }

    /** What is handed over, one list a lane; an empty list if there is nothing. */
    List<List<Envelope>> handedOver() {
        if (!handsOver) {
            return List.of();
        }
        List<List<Envelope>> all = new ArrayList<>(byLane.size());
        for (int lane = 0; lane < byLane.size(); lane++) {
            all.add(inOrder(lane).stream()
                    .map(Left::handedOver)
                    .filter(Objects::nonNull)
                    .toList());
        }
        return all;
    }

    /** Whether anything is handed over. */
    boolean handsOver() {
        return handsOver;
    }

    /** It has been handed over, and the report has been made. Takes no memory: what throws here would be handed over again. */
    void forget() {
        handsOver = false;
        for (int lane = 0; lane < byLane.size(); lane++) {
            byLane.get(lane).clear();
        }
        onTheWay = NOTHING;
    }

    private List<Left> inOrder(int lane) {
        List<Left> rest = byLane.get(lane);
        List<Left> all = new ArrayList<>(rest.size());
        int taken = 0;
        for (OnTheWay late : onTheWay) {
            if (late.lane == lane) {
                all.addAll(rest.subList(taken, late.place));
                taken = late.place;
                all.add(late.left);
            }
        }
        all.addAll(rest.subList(taken, rest.size()));
        return all;
    }
}
