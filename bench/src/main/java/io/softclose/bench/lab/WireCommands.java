/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The commands that make a {@link WireMesh}, shape it and disturb it. Between each two nodes there is a wire of its own (veth), so that each path is
 * shaped by itself, as a relay would.
 *
 * @param group what the namespaces' names begin with
 * @param nodes how many there are, from 2 to {@value #MOST_NODES}
 */
record WireCommands(String group, int nodes) {
    static final int MOST_NODES = 16;
    /** The most packets that are on their way. */
    private static final int LIMIT = 1000;
    /** What is lost, in percent, where nothing passes. */
    private static final double ALL = 100;
    /** Addresses that are reserved for tests of networks (RFC 2544). */
    private static final String NETWORK = "198.18.";

    WireCommands {
        if (nodes < 2 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("nodes: " + nodes + " (expected: 2 to " + MOST_NODES + ")");
        }
    }

    /** Where a node runs. */
    String namespace(int node) {
        return group + "-node" + node;
    }

    /** All of them. */
    List<String> namespaces() {
        return IntStream.range(0, nodes).mapToObj(this::namespace).toList();
    }

    /** The interface by which a node reaches another. */
    static String device(int other) {
        return "to" + other;
    }

    /** The address of a node on its wire to another. */
    static String address(int of, int to) {
        int wire = Math.min(of, to) * MOST_NODES + Math.max(of, to);
        return NETWORK + wire + (of < to ? ".1" : ".2");
    }

    /** What makes all of it. Wires pass what comes, as it comes. */
    List<List<String>> make() {
        List<List<String>> commands = new ArrayList<>();
        for (String namespace : namespaces()) {
            commands.add(List.of("ip", "netns", "add", namespace));
            commands.add(in(namespace, "link", "set", "lo", "up"));
        }
        for (int one = 0; one < nodes; one++) {
            for (int other = one + 1; other < nodes; other++) {
                commands.add(in(
                        namespace(one),
                        "link",
                        "add",
                        device(other),
                        "type",
                        "veth",
                        "peer",
                        "name",
                        device(one),
                        "netns",
                        namespace(other)));
                commands.addAll(end(one, other));
                commands.addAll(end(other, one));
            }
        }
        return List.copyOf(commands);
    }

    private List<List<String>> end(int of, int to) {
        // One packet at a time, as on a wire: joined ones would be lost and delayed as one.
        return List.of(
                in(namespace(of), "link", "set", device(to), "gso_max_segs", "1"),
                in(namespace(of), "address", "add", address(of, to) + "/30", "dev", device(to)),
                in(namespace(of), "link", "set", device(to), "up"));
    }

    private static List<String> in(String namespace, String... words) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(words));
        return List.copyOf(command);
    }

    /**
     * Does to what a node sends to another what the conditions say. Netem varies a delay to both sides, so half of the jitter is delay; with a
     * rate it keeps packets in order.
     */
    List<String> shape(int from, int to, WanConditions conditions, double lossPercent) {
        Duration half = conditions.jitter().dividedBy(2);
        List<String> command =
                new ArrayList<>(List.of("tc", "-n", namespace(from), "qdisc", "replace", "dev", device(to)));
        command.addAll(List.of("root", "netem", "limit", Integer.toString(LIMIT), "delay"));
        command.add(micros(conditions.latency().plus(half)));
        if (!half.isZero()) {
            command.add(micros(half));
        }
        if (lossPercent > 0) {
            command.addAll(List.of(
                    "loss", BigDecimal.valueOf(lossPercent).stripTrailingZeros().toPlainString() + "%"));
        }
        command.addAll(List.of("rate", conditions.bytesPerSecond() * Byte.SIZE + "bit"));
        return List.copyOf(command);
    }

    /** As {@link #shape}, and nothing arrives. */
    List<String> hole(int from, int to, WanConditions conditions) {
        return shape(from, to, conditions, ALL);
    }

    /** Has a node's kernel end its connections with another by a reset. */
    List<String> reset(int of, int to) {
        return List.of("ip", "netns", "exec", namespace(of), "ss", "-K", "dst", address(to, of));
    }

    private static String micros(Duration duration) {
        return duration.toNanos() / 1_000 + "us";
    }
}
