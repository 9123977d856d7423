/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.plan;

import io.softclose.bench.lab.AnyTransport;
import java.util.Optional;

/**
 * One end of a connection: what it is made of and what it does.
 *
 * @param outboxMessages most messages waiting in a lane
 * @param close empty: it leaves that to the other end
 */
public record EndPlan(
        TransportPlan transport,
        PolicyPlan policy,
        int outboxMessages,
        Cargo cargo,
        HandlerPlan handler,
        Optional<CloseStep> close) {
    /**
     * A transport and its settings.
     *
     * @param socketBufferBytes what is asked for as each socket's send and receive buffer
     */
    public record TransportPlan(AnyTransport kind, int socketBufferBytes) {}
}
