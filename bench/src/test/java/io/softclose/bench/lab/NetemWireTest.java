/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetemWireTest {
    @Test
    void aBridgeJoinsBothSidesAndEachPortDelaysLosesAndSlowsDown() {
        Conditions conditions = new Conditions(Duration.ofMillis(50), 0.5, 10_000_000);

        assertEquals(
                List.of(
                        "ip -n wire link add name bridge type bridge",
                        "ip -n wire link set left master bridge",
                        "tc -n wire qdisc add dev left root netem limit 1000 delay 50ms loss 0.5% rate 10000000bit",
                        "ip -n wire link set right master bridge",
                        "tc -n wire qdisc add dev right root netem limit 1000 delay 50ms loss 0.5% rate 10000000bit",
                        "ip -n wire link set bridge up"),
                lines(conditions));
    }

    @Test
    void aWireThatLosesNothingIsNotAskedForLoss() {
        Conditions conditions = new Conditions(Duration.ofMillis(1), 0, 1_000_000);

        assertEquals(
                "tc -n wire qdisc add dev left root netem limit 1000 delay 1ms rate 1000000bit",
                lines(conditions).get(2));
    }

    private static List<String> lines(Conditions conditions) {
        return NetemWire.commands("wire", conditions).stream()
                .map(command -> String.join(" ", command))
                .toList();
    }
}
