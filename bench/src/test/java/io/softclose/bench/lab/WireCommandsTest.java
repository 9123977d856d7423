/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is run to make a mesh, and to disturb it. */
class WireCommandsTest {
    private static final WanConditions CONDITIONS =
            new WanConditions(Duration.ofMillis(100), Duration.ofMillis(10), 500_000);

    private final WireCommands three = new WireCommands("softclose-7-1", 3);

    @Test
    void eachNodeHasANamespaceAndAWireToEachOther() {
        List<String> commands = lines(three.make());

        assertEquals(
                List.of(
                        "ip netns add softclose-7-1-node0",
                        "ip -n softclose-7-1-node0 link set lo up",
                        "ip netns add softclose-7-1-node1",
                        "ip -n softclose-7-1-node1 link set lo up",
                        "ip netns add softclose-7-1-node2",
                        "ip -n softclose-7-1-node2 link set lo up",
                        "ip -n softclose-7-1-node0 link add to1 type veth peer name to0 netns softclose-7-1-node1",
                        "ip -n softclose-7-1-node0 link set to1 gso_max_segs 1",
                        "ip -n softclose-7-1-node0 address add 198.18.1.1/30 dev to1",
                        "ip -n softclose-7-1-node0 link set to1 up",
                        "ip -n softclose-7-1-node1 link set to0 gso_max_segs 1",
                        "ip -n softclose-7-1-node1 address add 198.18.1.2/30 dev to0",
                        "ip -n softclose-7-1-node1 link set to0 up"),
                commands.subList(0, 13));
        assertEquals(6 + 3 * 7, commands.size());
    }

    @Test
    void eachEndOfEachWireHasAnAddressOfItsOwn() {
        List<String> addresses = new ArrayList<>();
        for (int of = 0; of < WireCommands.MOST_NODES; of++) {
            for (int to = 0; to < WireCommands.MOST_NODES; to++) {
                if (of != to) {
                    addresses.add(WireCommands.address(of, to));
                }
            }
        }

        assertEquals(addresses.size(), new HashSet<>(addresses).size());
        assertTrue(addresses.stream()
                .allMatch(address -> address.matches("198\\.18\\.(1?\\d?\\d|2[0-4]\\d|25[0-5])\\.[12]")));
    }

    @Test
    void eachDirectionIsDelayedLosesAndHasItsRate() {
        assertEquals(
                "tc -n softclose-7-1-node2 qdisc replace dev to0 root netem limit 1000 delay 105000us 5000us loss 0.5%"
                        + " rate 4000000bit",
                line(three.shape(2, 0, CONDITIONS, 0.5)));
        assertEquals(
                "tc -n softclose-7-1-node0 qdisc replace dev to2 root netem limit 1000 delay 1000us rate 80bit",
                line(three.shape(0, 2, new WanConditions(Duration.ofMillis(1), Duration.ZERO, 10), 0)));
    }

    @Test
    void aBlackHoleLosesAllAndAResetIsTheKernels() {
        assertEquals(
                "tc -n softclose-7-1-node0 qdisc replace dev to1 root netem limit 1000 delay 105000us 5000us loss 100%"
                        + " rate 4000000bit",
                line(three.hole(0, 1, CONDITIONS)));
        assertEquals("ip netns exec softclose-7-1-node1 ss -K dst 198.18.1.1", line(three.reset(1, 0)));
    }

    @Test
    void thereAreNoMoreNodesThanAddresses() {
        assertThrows(IllegalArgumentException.class, () -> new WireCommands("softclose-7-1", 17));
        assertThrows(IllegalArgumentException.class, () -> new WireCommands("softclose-7-1", 1));
    }

    @Test
    void onlyWhatIsOursAndNobodysAnyMoreIsStale() {
        long self = ProcessHandle.current().pid();

        assertTrue(Namespaces.isStale("softclose-999999999-1-node0"));
        assertFalse(Namespaces.isStale("softclose-" + self + "-1-node0"));
        assertFalse(Namespaces.isStale("softclose-node0"));
        assertFalse(Namespaces.isStale("others-999999999-1-node0"));
        assertTrue(Namespaces.group().startsWith("softclose-" + self + "-"));
    }

    private static List<String> lines(List<List<String>> commands) {
        return commands.stream().map(WireCommandsTest::line).toList();
    }

    private static String line(List<String> command) {
        return String.join(" ", command);
    }
}
