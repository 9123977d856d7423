/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.Payloads;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Journal.Kind;
import io.softclose.net.CloseReport;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.ReturnedMessage;
import java.util.List;
import java.util.Map;

/** Puts a connection's report into a journal. */
final class ReportWriter {
    private final Journal journal;
    private final Map<Integer, Message> sent;

    /**
     * A writer.
     *
     * @param sent the messages by their numbers, to recognise what comes back
     */
    ReportWriter(Journal journal, Map<Integer, Message> sent) {
        this.journal = journal;
        this.sent = sent;
    }

    void write(CloseReport report) {
        List<LaneAccount> lanes = report.account().lanes();
        for (int lane = 0; lane < lanes.size(); lane++) {
            writeLane(lane, lanes.get(lane));
        }
        for (ReturnedMessage returned : report.returned()) {
            int sequence = Payloads.sequence(returned.message());
            journal.add(Kind.RETURNED, Journal.code(returned.outcome()), sequence);
            if (sent.get(sequence) != returned.message()) {
                journal.add(Kind.STRANGER, sequence);
            }
        }
        journal.add(
                Kind.CLOSED, Journal.code(report.ending()), report.duration().toNanos());
    }

    private void writeLane(int lane, LaneAccount account) {
        journal.add(Kind.LANE_ACCEPTED, lane, account.accepted());
        account.outcomes()
                .forEach((outcome, count) -> journal.add(Kind.LANE_ENDED, 16 * lane + Journal.code(outcome), count));
    }
}
