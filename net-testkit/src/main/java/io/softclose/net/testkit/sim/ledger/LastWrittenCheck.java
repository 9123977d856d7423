/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Checks what a close hands back of what was written last: unless it was clean, the very objects, in the order of their
 * last bytes, without a gap, and as many as may be kept. Runs are to keep them for longer than they last.
 */
final class LastWrittenCheck {
    private final Limits limits;
    private final Consumer<String> violated;

    LastWrittenCheck(Limits limits, Consumer<String> violated) {
        this.limits = limits;
        this.violated = violated;
    }

    /** Once every message that was sent has its outcome. */
    void check(CloseReport report, List<Sent> sent) {
        List<Message> expected = report.ending() == CloseEnding.CLEAN ? List.of() : last(sent);
        List<Message> handedBack =
                report.lastWritten().stream().map(ReturnedMessage::message).toList();
        boolean same = expected.size() == handedBack.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = expected.get(i) == handedBack.get(i);
        }
        if (!same || report.lastWritten().stream().anyMatch(one -> one.outcome() != Outcome.WRITTEN)) {
            violated.accept("hands back, as written last, " + report.lastWritten() + " (expected: " + expected + ")");
        }
    }

    private List<Message> last(List<Sent> sent) {
        List<Sent> latestFirst = sent.stream()
                .filter(one -> one.plain() && one.outcome == Outcome.WRITTEN)
                .sorted(Comparator.comparingLong((Sent one) -> one.end).reversed())
                .toList();
        List<Message> last = new ArrayList<>();
        long bytes = 0;
        for (Sent one : latestFirst) {
            bytes += one.message.size();
            if (last.size() == limits.outboxMessages() || bytes > limits.outboxBytes()) {
                break;
            }
            last.add(one.message);
        }
        Collections.reverse(last);
        return last;
    }
}
