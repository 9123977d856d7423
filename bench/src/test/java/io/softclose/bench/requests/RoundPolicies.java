/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import io.softclose.net.CloseReport;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.policy.drain.DropPolicy;
import io.softclose.policy.drain.GracefulPolicy;
import io.softclose.policy.drain.TimedDrainPolicy;
import io.softclose.policy.priority.ConsensusPriorityPolicy;
import java.time.Duration;
import java.util.List;

/** The project's policies. Those that wait for answers do so briefly: some never come. */
final class RoundPolicies {
    private static final Duration ANSWERS = Duration.ofMillis(50);

    private RoundPolicies() {}

    static List<ClosePolicy> all() {
        return List.of(
                DropPolicy.defaults(),
                TimedDrainPolicy.builder().drainTime(ANSWERS).build(),
                GracefulPolicy.builder().answerTimeout(ANSWERS).build(),
                ConsensusPriorityPolicy.builder().answerTimeout(ANSWERS).build());
    }

    /**
     * Whether a close ended by the deadline that its policy plans for its reason.
     *
     * @param slack how much later it may
     */
    static boolean inTime(CloseReport report, Duration slack) {
        return all().stream()
                .filter(policy -> policy.name().equals(report.policy()))
                .map(policy -> policy.plan(report.reason()).deadline().plus(slack))
                .allMatch(latest -> report.duration().compareTo(latest) <= 0);
    }
}
