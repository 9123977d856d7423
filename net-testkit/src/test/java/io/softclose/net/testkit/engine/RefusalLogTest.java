/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers decide how often they are refused, and not how much of it is written. */
class RefusalLogTest {
    @RegisterExtension
    final Node node = new Node();

    @RegisterExtension
    final LogLines log = new LogLines();

    @Test
    void refusalsDoNotFillTheLog() {
        int refusals = 5_000;
        node.settings().events(new DefaultEvents(node.events));
        node.limits(limits -> limits.maxInboundConnections(1));
        node.welcome();

        for (int i = 0; i < refusals; i++) {
            node.accept();
        }

        assertFalse(log.records().isEmpty());
        assertTrue(
                log.records().size() < refusals / 10,
                () -> "lines: " + log.records().size());
    }
}
