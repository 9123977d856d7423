/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

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

/**
 * Drains all, for so long as the reason allows; with two small lanes, by priority.
 *
 * @param admission while it drains
 * @param throwsAway whether it drops what waits when the drain is short
 */
record TwoLanes(Admission admission, boolean throwsAway) implements ClosePolicy {
    static final int LANES = 2;
    private static final int MESSAGES = 12;

    @Override
    public String name() {
        return "two lanes";
    }

    @Override
    public LanePlan lanes(Limits limits) {
        return new LanePlan(
                List.of(
                        new Lane("urgent", MESSAGES, limits.outboxBytes(), Long.MAX_VALUE),
                        new Lane("bulk", MESSAGES, limits.outboxBytes(), Long.MAX_VALUE)),
                message -> message.priority() > 0 ? 0 : 1);
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        Duration time = reason.drain() == Drain.FULL ? Duration.ofSeconds(5) : Duration.ofSeconds(3);
        return new ClosePlan(admission, time, Duration.ofSeconds(2));
    }

    @Override
    public CloseDecision decide(CloseSnapshot now) {
        boolean shortDrain = now.reason().drain() == Drain.SHORT;
        boolean late = now.elapsed().compareTo(shortDrain ? Duration.ofMillis(500) : Duration.ofSeconds(3)) > 0;
        if ((now.drained() && (now.sealed() || admission == Admission.KEEP_OPEN)) || late) {
            return CloseDecision.finish();
        }
        return throwsAway && shortDrain
                ? CloseDecision.discardAll(now)
                : CloseDecision.drain(now, Duration.ofMillis(50));
    }
}
