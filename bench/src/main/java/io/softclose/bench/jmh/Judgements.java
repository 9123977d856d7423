/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.jmh.Judgement.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the connections over one transport are judged by: the project's goals, and what is worth knowing beside them. */
final class Judgements {
    private static final String NIO = "nio";
    private static final String NETTY = "netty";
    private static final int TYPICAL = 256;
    private static final int LARGE = 16384;
    private static final double PING_PONG_GOAL = 1.3;
    private static final double TAIL_GOAL = 1.5;
    private static final double DRAIN_GOAL = 0.95;
    private static final double REQUEST_GOAL = 1.15;
    private static final double NEIGHBOUR_GOAL = 1.5;

    private final String transport;
    private final List<Judgement> judgements = new ArrayList<>();

    private Judgements(String transport) {
        this.transport = transport;
    }

    /**
     * Everything there is to judge.
     *
     * @param sizes payloads in bytes, for the throughput
     */
    static List<Judgement> of(String transport, List<Integer> sizes) {
        Judgements all = new Judgements(transport);
        sizes.forEach(all::addThroughput);
        all.addVotes();
        all.addPingPong();
        all.addDrain();
        all.addAllocation(TYPICAL);
        all.addAllocation(LARGE);
        return all.judgements;
    }

    /** What requests cost, and what other connections notice of handlers that block on an executor. */
    static List<Judgement> ofHandlers(String transport) {
        Judgements all = new Judgements(transport);
        String beside = "besideBlockedHandlers";
        all.addBesideMessages("request p50", "request", Metric.P50, OptionalDouble.of(REQUEST_GOAL));
        all.addBesideMessages("request p99.9", "request", Metric.P999, OptionalDouble.empty());
        all.addBesideMessages("ping-pong p99 beside", beside, Metric.P99, OptionalDouble.of(NEIGHBOUR_GOAL));
        all.addBesideMessages("ping-pong p99.9 beside", beside, Metric.P999, OptionalDouble.empty());
        return all.judgements;
    }

    private void addBesideMessages(String what, String benchmark, Metric metric, OptionalDouble goal) {
        Map<String, String> params = Map.of("transport", transport, "size", Integer.toString(TYPICAL));
        add(
                what,
                TYPICAL,
                new Series(new Experiment("PingPongBenchmark." + benchmark, params), metric),
                Optional.of(new Series(new Experiment("PingPongBenchmark.connection", params), metric)),
                goal);
    }

    private void addThroughput(int size) {
        addThroughput(size, "fullBuffer", limitGoal(size));
        if (transport.equals(NIO)) {
            addThroughput(size, "queueFed", size == TYPICAL ? OptionalDouble.of(0.9) : OptionalDouble.empty());
        }
        if (transport.equals(NETTY)) {
            addThroughput(size, "nettyConsolidated", size == TYPICAL ? OptionalDouble.of(2.5) : OptionalDouble.empty());
            addThroughput(size, "nettyNaive", OptionalDouble.empty());
        }
    }

    private OptionalDouble limitGoal(int size) {
        if (size == LARGE) {
            return OptionalDouble.of(0.7);
        }
        return size == TYPICAL && transport.equals(NIO) ? OptionalDouble.of(0.5) : OptionalDouble.empty();
    }

    private void addThroughput(int size, String baseline, OptionalDouble goal) {
        Experiment against = new Experiment("ThroughputBenchmark." + baseline, Map.of("size", Integer.toString(size)));
        add("throughput", size, throughput(size), Optional.of(new Series(against, Metric.RATE)), goal);
    }

    private Series throughput(int size) {
        return new Series(
                new Experiment(
                        "ThroughputBenchmark.connection",
                        Map.of("transport", transport, "size", Integer.toString(size))),
                Metric.RATE);
    }

    /** What lanes cost, and what is left to votes beside a flood of bulk. */
    private void addVotes() {
        for (LaneStream.Contention contention : LaneStream.Contention.values()) {
            Experiment votes = new Experiment(
                    "ThroughputBenchmark.votes",
                    Map.of("transport", transport, "size", Integer.toString(TYPICAL), "contention", contention.name()));
            String what = contention == LaneStream.Contention.ALONE ? "votes" : "votes beside bulk";
            add(
                    what,
                    TYPICAL,
                    new Series(votes, Metric.RATE),
                    Optional.of(throughput(TYPICAL)),
                    OptionalDouble.empty());
        }
    }

    private void addPingPong() {
        Map<String, String> size = Map.of("size", Integer.toString(TYPICAL));
        Experiment ours = new Experiment(
                "PingPongBenchmark.connection", Map.of("transport", transport, "size", Integer.toString(TYPICAL)));
        Experiment raw = new Experiment("PingPongBenchmark." + (transport.equals(NETTY) ? "rawNetty" : "rawNio"), size);
        addPingPong(ours, raw, "ping-pong p50", Metric.P50, OptionalDouble.of(PING_PONG_GOAL));
        addPingPong(ours, raw, "ping-pong p99", Metric.P99, OptionalDouble.empty());
        addPingPong(ours, raw, "ping-pong p99.9", Metric.P999, OptionalDouble.of(TAIL_GOAL));
    }

    private void addPingPong(Experiment ours, Experiment raw, String what, Metric metric, OptionalDouble goal) {
        add(what, TYPICAL, new Series(ours, metric), Optional.of(new Series(raw, metric)), goal);
    }

    private void addDrain() {
        Map<String, String> params =
                Map.of("transport", transport, "policy", "graceful", "backlog", "100000", "reader", "FAST");
        add(
                "drain of 100 000",
                TYPICAL,
                new Series(new Experiment("CloseBenchmark.drain", params), Metric.SHOT_RATE),
                Optional.of(new Series(new Experiment("CloseBenchmark.flow", params), Metric.SHOT_RATE)),
                OptionalDouble.of(DRAIN_GOAL));
    }

    private void addAllocation(int size) {
        Experiment send = new Experiment(
                "SendPathBenchmark.send", Map.of("transport", transport, "size", Integer.toString(size)));
        add("send path", size, new Series(send, Metric.ALLOCATION), Optional.empty(), OptionalDouble.empty());
    }

    private void add(String what, int payload, Series ours, Optional<Series> baseline, OptionalDouble goal) {
        judgements.add(new Judgement(what, transport, payload, ours, baseline, goal));
    }
}
