/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseReport;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.ReturnedMessage;
import java.util.List;
import java.util.Map;

/**
 * Puts a connection's report into a chronicle.
 *
 * @param sent the messages by their numbers, to recognise what comes back
 */
public record ReportWriter(int cell, Chronicle chronicle, Map<Integer, Message> sent) {
    public void write(CloseReport report) {
        List<LaneAccount> lanes = report.account().lanes();
        for (int lane = 0; lane < lanes.size(); lane++) {
            writeLane(lane, lanes.get(lane));
        }
        for (ReturnedMessage returned : report.returned()) {
            int sequence = Cargo.sequence(returned.message());
            chronicle.add(cell, Kind.RETURNED, Journal.code(returned.outcome()), sequence);
            if (sent.get(sequence) != returned.message()) {
                chronicle.add(cell, Kind.STRANGER, 0, sequence);
            }
        }
        chronicle.add(cell, Kind.REASON, Journal.code(report.reason()), 0);
        chronicle.add(
                cell,
                Kind.CLOSED,
                Journal.code(report.ending()),
                report.duration().toNanos());
    }

    private void writeLane(int lane, LaneAccount account) {
        chronicle.add(cell, Kind.LANE_ACCEPTED, lane, account.accepted());
        account.outcomes()
                .forEach((outcome, count) ->
                        chronicle.add(cell, Kind.LANE_ENDED, 16 * lane + Journal.code(outcome), count));
    }
}
