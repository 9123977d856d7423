/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.DisconnectReason;
import io.softclose.net.DisconnectReason.Drain;
import io.softclose.net.Limits;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePlan.Admission;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import io.softclose.net.spi.Lane;
import io.softclose.net.spi.LanePlan;
import java.time.Duration;
import java.util.List;

/** Requests pass the rest; a close gives the rest a quarter of its time, and requests half. */
public record RequestsFirstPolicy() implements ClosePolicy {
    @Override
    public String name() {
        return "requests-first";
    }

    @Override
    public LanePlan lanes(Limits limits) {
        Lane requests = new Lane("requests", limits.outboxMessages(), limits.outboxBytes(), 64 * 1024);
        Lane rest = new Lane("rest", limits.outboxMessages(), limits.outboxBytes(), Long.MAX_VALUE);
        return new LanePlan(List.of(requests, rest), message -> message.priority() >= 128 ? 0 : 1);
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        Duration deadline = reason.drain() == Drain.FULL ? Duration.ofSeconds(10) : Duration.ofSeconds(1);
        return new ClosePlan(Admission.SEAL, deadline, Duration.ofSeconds(2));
    }

    @Override
    public CloseDecision decide(CloseSnapshot now) {
        boolean firstQuarter = now.elapsed().multipliedBy(3).compareTo(now.remaining()) < 0;
        boolean firstHalf = now.elapsed().compareTo(now.remaining()) < 0;
        List<Integer> mayStart = firstQuarter ? List.of(0, 1) : List.of(0);
        boolean empty = mayStart.stream().allMatch(lane -> now.lanes().get(lane).queuedMessages() == 0);
        boolean done = now.sealed() && empty;
        return firstHalf && !done ? new CloseDecision.Drain(mayStart, Duration.ofMillis(10)) : CloseDecision.finish();
    }
}
