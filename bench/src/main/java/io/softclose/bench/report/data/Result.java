/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

/** What one result file says. */
public sealed interface Result permits CompareResult, TestnetResult, JmhResult, TimelineResult {
    /** The file's name, without its folder. */
    String file();

    /** Where the results come from. */
    Facts facts();
}
