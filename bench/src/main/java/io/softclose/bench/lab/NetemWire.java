/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A bridge of the kernel, whose ports delay, lose and slow down what leaves through them (netem). */
final class NetemWire implements Wire {
    private static final String BRIDGE = "bridge";
    /** The most packets that are on their way. */
    private static final int LIMIT = 1000;

    private NetemWire() {}

    /** Whether the kernel has netem. */
    static boolean availableIn(String namespace) {
        return Shell.attempt("tc", "-n", namespace, "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
                .succeeded();
    }

    static Wire connect(String namespace, Conditions conditions) {
        commands(namespace, conditions).forEach(Shell::run);
        return new NetemWire();
    }

    /** What connects the two interfaces of a namespace. */
    static List<List<String>> commands(String namespace, Conditions conditions) {
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of("ip", "-n", namespace, "link", "add", "name", BRIDGE, "type", "bridge"));
        for (Side side : Side.values()) {
            commands.add(List.of("ip", "-n", namespace, "link", "set", side.wireEnd(), "master", BRIDGE));
            commands.add(netem(namespace, side.wireEnd(), conditions));
        }
        commands.add(List.of("ip", "-n", namespace, "link", "set", BRIDGE, "up"));
        return List.copyOf(commands);
    }

    private static List<String> netem(String namespace, String device, Conditions conditions) {
        List<String> command = new ArrayList<>(
                List.of("tc", "-n", namespace, "qdisc", "add", "dev", device, "root", "netem", "limit", "" + LIMIT));
        command.addAll(List.of("delay", conditions.delay().toMillis() + "ms"));
        if (conditions.lossPercent() > 0) {
            command.addAll(
                    List.of("loss", BigDecimal.valueOf(conditions.lossPercent()).toPlainString() + "%"));
        }
        command.addAll(List.of("rate", conditions.bitsPerSecond() + "bit"));
        return List.copyOf(command);
    }

    @Override
    public String description() {
        return "netem";
    }

    /** Nothing: it goes with its namespace. */
    @Override
    public void close() {}
}
