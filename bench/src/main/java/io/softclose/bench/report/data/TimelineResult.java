/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import io.softclose.net.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code compare --timeline} wrote: one close, from its call to its end. Times are milliseconds from the call.
 *
 * @param run policy, transport, scenario, reader and conditions, in words
 * @param ending how the close ended
 * @param millis how long it took
 * @param states each with when it was first seen
 * @param decisions what the policy decided, each when it was not what it had decided before
 * @param lanes most urgent first
 */
public record TimelineResult(
        String file,
        Facts facts,
        String run,
        String ending,
        double millis,
        List<Moment> states,
        List<Moment> decisions,
        List<Lane> lanes)
        implements Result {
    /** Copies the lists. */
    public TimelineResult {
        states = List.copyOf(states);
        decisions = List.copyOf(decisions);
        lanes = List.copyOf(lanes);
    }

    /** Something that holds from this time on. */
    public record Moment(double atMillis, String what) {}

    /**
     * One lane.
     *
     * @param accepted messages that it took
     * @param outcomes how these ended
     * @param course how it went on, from the call to the end
     */
    public record Lane(String name, long accepted, Map<Outcome, Long> outcomes, List<Step> course) {
        /** Copies the list. */
        public Lane {
            course = List.copyOf(course);
        }
    }

    /**
     * A lane at a time.
     *
     * @param written how many of its messages were written by then
     * @param pending how many had no outcome yet
     */
    public record Step(double atMillis, long written, long pending) {}

    static TimelineResult of(Fields result) throws BadResultException {
        Fields close = result.object("timeline");
        List<Lane> lanes = new ArrayList<>();
        for (Fields lane : close.objects("lanes")) {
            List<Step> course = new ArrayList<>();
            for (Fields step : lane.objects("course")) {
                course.add(new Step(step.amount("atMillis"), step.count("written"), step.count("pending")));
            }
            lanes.add(new Lane(lane.text("lane"), lane.count("accepted"), Outcomes.of(lane), course));
        }
        return new TimelineResult(
                result.file(),
                Facts.of(result),
                close.text("policy") + " over " + close.text("transport") + ", scenario " + close.text("scenario")
                        + ", reader " + close.text("reader") + Conditions.inWords(Conditions.of(close)),
                close.text("ending"),
                close.amount("closeMillis"),
                moments(close, "states", "state"),
                moments(close, "decisions", "decision"),
                lanes);
    }

    private static List<Moment> moments(Fields close, String list, String name) throws BadResultException {
        List<Moment> moments = new ArrayList<>();
        for (Fields moment : close.objects(list)) {
            moments.add(new Moment(moment.amount("atMillis"), moment.text(name)));
        }
        return moments;
    }
}
