/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Three network namespaces in a row: one for each node, and between them the one of the wire, which a pair of joined
 * interfaces (veth) leads to from either side. Deleted when it is closed, when the JVM ends, or, if it was killed, by the
 * next run.
 */
public final class Testbed implements AutoCloseable {
    private static final Set<Testbed> OPEN = ConcurrentHashMap.newKeySet();
    /** The name of each node's interface. */
    private static final String INTERFACE = "eth0";

    /** What network cards do for the kernel: joining, splitting and summing packets. A wire sees none of it. */
    private static final List<String> OFFLOADS_OFF =
            List.of("tx", "off", "rx", "off", "sg", "off", "tso", "off", "gso", "off", "gro", "off");

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Testbed::close), "testbeds"));
    }

    private final String name = Namespaces.group();

    private Testbed() {}

    /** Makes the namespaces and joins them. Packets do not pass the middle yet. */
    public static Testbed open() {
        Testbed testbed = new Testbed();
        OPEN.add(testbed);
        try {
            testbed.namespaces().forEach(namespace -> Shell.run("ip", "netns", "add", namespace));
            testbed.namespaces().forEach(namespace -> Shell.run("ip", "-n", namespace, "link", "set", "lo", "up"));
            for (Side side : Side.values()) {
                testbed.join(side);
            }
            return testbed;
        } catch (RuntimeException failed) {
            testbed.close();
            throw failed;
        }
    }

    private void join(Side side) {
        String wire = wire();
        Shell.run(
                "ip",
                "-n",
                of(side),
                "link",
                "add",
                INTERFACE,
                "type",
                "veth",
                "peer",
                "name",
                side.wireEnd(),
                "netns",
                wire);
        turnOffloadsOff(of(side), INTERFACE);
        turnOffloadsOff(wire, side.wireEnd());
        Shell.run("ip", "-n", of(side), "address", "add", side.address() + "/30", "dev", INTERFACE);
        Shell.run("ip", "-n", of(side), "link", "set", INTERFACE, "up");
        Shell.run("ip", "-n", wire, "link", "set", side.wireEnd(), "up");
    }

    private static void turnOffloadsOff(String namespace, String device) {
        List<String> command = within(namespace, "ethtool", "-K", device);
        command.addAll(OFFLOADS_OFF);
        Shell.run(command);
    }

    /** A command, to be run in a namespace. */
    public static List<String> within(String namespace, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(List.of(command));
        return words;
    }

    /** The namespace of a node. */
    public String of(Side side) {
        return name + "-" + side.label();
    }

    /** The namespace in the middle. */
    String wire() {
        return name + "-wire";
    }

    private List<String> namespaces() {
        return List.of(of(Side.ALICE), wire(), of(Side.BOB));
    }

    /** Pulls the plug: both nodes' interfaces lose their carrier. */
    public void linkDown() {
        setLink("down");
    }

    /** Puts it back. */
    public void linkUp() {
        setLink("up");
    }

    private void setLink(String state) {
        for (Side side : Side.values()) {
            Shell.run("ip", "-n", wire(), "link", "set", side.wireEnd(), state);
        }
    }

    /**
     * Answers what a node's kernel sends from now on over TCP with a reset (RST), as a firewall does that has lost its
     * state, and lets none of it pass. So the other end sees nothing of it.
     */
    public void resetWhatIsSentBy(Side side) {
        Shell.run(within(
                of(side),
                "nft",
                "add table inet softclose;"
                        + " add chain inet softclose output { type filter hook output priority 0; };"
                        + " add rule inet softclose output oifname " + INTERFACE
                        + " meta l4proto tcp reject with tcp reset"));
    }

    /** Has both nodes' kernels hear nothing of each other any more: what arrives is dropped, and nobody is told. */
    public void blackHole() {
        for (Side side : Side.values()) {
            Shell.run(within(
                    of(side),
                    "nft",
                    "add table inet hole;"
                            + " add chain inet hole input { type filter hook input priority 0; };"
                            + " add rule inet hole input iifname " + INTERFACE + " drop"));
        }
    }

    /** Fills the black hole: they hear each other again. */
    public void noBlackHole() {
        for (Side side : Side.values()) {
            Shell.run(within(of(side), "nft", "delete table inet hole"));
        }
    }

    /** Whether TCP at this end has had to repeat itself twice, or asks again and again for room at the other end. */
    public boolean stuck(Side side) {
        String sockets = Shell.run(within(of(side), "ss", "-Htino"));
        return sockets.contains("backoff:") || sockets.contains("(persist,");
    }

    @Override
    public void close() {
        if (OPEN.remove(this)) {
            namespaces().forEach(Namespaces::delete);
        }
    }

    /** Deletes what runs left behind that were killed. */
    public static void deleteStale() {
        Namespaces.deleteStale();
    }
}
