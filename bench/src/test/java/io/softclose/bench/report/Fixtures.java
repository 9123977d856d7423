/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report;

import io.softclose.bench.report.data.BadResultException;
import java.nio.file.Path;
import java.util.List;

/** Result files that the commands have really written, in their short form. */
public final class Fixtures {
    private static final Path FOLDER = Path.of("src", "test", "resources", "report");

    public static final Path COMPARE = FOLDER.resolve("compare.json");
    public static final Path SWEEP = FOLDER.resolve("sweep.json");
    public static final Path TIMELINE = FOLDER.resolve("timeline.json");
    public static final Path TESTNET = FOLDER.resolve("testnet.json");
    public static final Path JMH = FOLDER.resolve("jmh.json");
    public static final List<Path> ALL = List.of(TESTNET, COMPARE, SWEEP, TIMELINE, JMH);

    private Fixtures() {}

    /** All of them on one page. */
    public static String page() throws BadResultException {
        return Report.of(ALL).page();
    }
}
