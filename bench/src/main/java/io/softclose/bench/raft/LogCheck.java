/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold of a group's committed logs. */
final class LogCheck {
    private static final int MOST_FAULTS = 10;

    private LogCheck() {}

    /**
     * Looks whether each log is the beginning of each longer one, whether each has its indices in order, and whether what clients
     * were told is committed is in the longest, where they were told.
     *
     * @param logs one for each node
     * @param committed by operation, its index
     * @return what is wrong, ten at most; empty if nothing is
     */
    static List<String> faults(List<List<Journal.Entry>> logs, Map<Operation.Append, Long> committed) {
        List<String> faults = new ArrayList<>();
        List<Journal.Entry> longest =
                logs.stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
        for (int node = 0; node < logs.size(); node++) {
            compare(node, logs.get(node), longest, faults);
        }
        Map<Operation, Long> present = new HashMap<>();
        long before = 0;
        for (Journal.Entry entry : longest) {
            if (entry.index() <= before) {
                add(faults, "index " + entry.index() + " was committed after index " + before);
            }
            before = entry.index();
            Long twice = entry.operation() instanceof Operation.Append
                    ? present.put(entry.operation(), entry.index())
                    : null;
            if (twice != null) {
                add(faults, entry.operation() + " was committed twice, at " + twice + " and " + entry.index());
            }
        }
        committed.forEach((operation, index) -> {
            if (!index.equals(present.get(operation))) {
                add(
                        faults,
                        operation + " was told to be committed at " + index + " and is at " + present.get(operation));
            }
        });
        return faults;
    }

    private static void compare(int node, List<Journal.Entry> log, List<Journal.Entry> longest, List<String> faults) {
        for (int at = 0; at < log.size(); at++) {
            if (!log.get(at).equals(longest.get(at))) {
                add(faults, "node " + node + " committed " + log.get(at) + " where another one has " + longest.get(at));
                return;
            }
        }
    }

    private static void add(List<String> faults, String fault) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(fault);
        }
    }
}
