/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.CloseReport;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import java.util.List;

/** What reports say of numbered messages. */
final class Reports {
    private Reports() {}

    /** The numbers of the messages that were returned with this outcome, in order. */
    static List<Integer> numbers(CloseReport report, Outcome outcome) {
        return report.returned().stream()
                .filter(returned -> returned.outcome() == outcome)
                .map(ReturnedMessage::message)
                .map(Numbered::numberOf)
                .toList();
    }
}
