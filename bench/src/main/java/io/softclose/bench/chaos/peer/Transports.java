/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import io.softclose.bench.chaos.plan.EndPlan.TransportPlan;
import io.softclose.net.spi.Transport;
import java.util.HashMap;
import java.util.Map;

/** The transports of one process, which all its rounds share. Not thread-safe. */
public final class Transports {
    private final Map<TransportPlan, Transport> open = new HashMap<>();

    /** The transport of this plan. */
    public Transport of(TransportPlan plan) {
        return open.computeIfAbsent(plan, absent -> absent.kind().open(absent.socketBufferBytes()));
    }
}
