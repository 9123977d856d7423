/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that takes packets from one interface and puts them onto the other, {@code relay.py}. */
final class RelayWire implements Wire {
    private final ChildProcess relay;

    private RelayWire(ChildProcess relay) {
        this.relay = relay;
    }

    static Wire connect(String namespace, Conditions conditions, long seed) {
        ChildProcess relay = ChildProcess.start("relay", command(namespace, script(), conditions, seed));
        relay.await("ready");
        return new RelayWire(relay);
    }

    /** What runs the relay. */
    static List<String> command(String namespace, Path script, Conditions conditions, long seed) {
        List<String> command = new ArrayList<>(Testbed.within(namespace, "python3", script.toString()));
        command.addAll(List.of(Side.ALICE.wireEnd(), Side.BOB.wireEnd()));
        command.addAll(List.of("--delay", "" + conditions.delay().toMillis() / 1000.0));
        command.addAll(List.of("--loss", "" + conditions.lossPercent() / 100));
        command.addAll(List.of("--rate", "" + conditions.bitsPerSecond()));
        command.addAll(List.of("--seed", "" + seed));
        return List.copyOf(command);
    }

    private static Path script() {
        try {
            return Path.of(requireNonNull(RelayWire.class.getResource("relay.py"), "relay.py")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String description() {
        return "relay in user space, for the kernel has no netem";
    }

    @Override
    public void close() {
        relay.close();
    }
}
