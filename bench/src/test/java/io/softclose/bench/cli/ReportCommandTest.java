/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import io.softclose.bench.report.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a command that measures to the page. */
class ReportCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatCompareWritesBecomesAPage() throws Exception {
        Path json = directory.resolve("compare.json");
        Path timeline = directory.resolve("timeline.json");
        Path page = directory.resolve("report.html");
        Invocation compared = Invocation.of(
                "compare",
                "--transport=nio",
                "--policy=consensus-priority",
                "--scenario=mixed",
                "--reader=fast",
                "--deadline=400ms",
                "--json=" + json,
                "--timeline=" + timeline);
        assertEquals(ExitCode.OK.code(), compared.exitCode(), compared::toString);

        Invocation reported = Invocation.of("report", "--out=" + page, json.toString(), timeline.toString());

        assertEquals(new Invocation(ExitCode.OK.code(), "", ""), reported);
        String html = Files.readString(page);
        assertTrue(html.contains("reader fast, deadline 400 ms"), html);
        assertTrue(html.contains("drain critical, recoverable, bulk"), html);
        assertTrue(html.contains("--timeline=" + timeline), html);
    }

    @Test
    void aTimelineIsOfOneRun() {
        Invocation invocation = Invocation.of("compare", "--timeline=" + directory.resolve("t.json"));

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(
                invocation
                        .err()
                        .matches("timeline: \\d+ runs are chosen \\(expected: one, by .*\\); see compare --help\\R"),
                invocation.err());
    }

    @Test
    void aPictureIsMadeOfATestNetwork() throws Exception {
        Path picture = directory.resolve("testnet.svg");

        Invocation made =
                Invocation.of("report", "--picture=" + picture, Fixtures.JMH.toString(), Fixtures.TESTNET.toString());
        Invocation none =
                Invocation.of("report", "--picture=" + directory.resolve("none.svg"), Fixtures.JMH.toString());

        assertEquals(ExitCode.OK.code(), made.exitCode(), made::toString);
        assertTrue(Files.readString(picture).startsWith("<svg "));
        assertUsageError("--picture: no result of testnet among the files (expected: one)", none);
        assertFalse(Files.exists(directory.resolve("none.svg")));
    }

    @Test
    void whatIsWrongIsSaidInOneLineAndNothingIsWritten() throws Exception {
        Path page = directory.resolve("report.html");
        Path bad = directory.resolve("bad.json");
        Files.writeString(bad, "{\"runs\": 1}");

        assertUsageError(
                "bad.json: runs: 1 (expected: an array)",
                Invocation.of("report", "--out=" + page, Fixtures.TESTNET.toString(), bad.toString()));
        assertUsageError(
                "no output (expected: --out FILE, --picture FILE or both)",
                Invocation.of("report", Fixtures.TESTNET.toString()));
        assertUsageError(
                "out: \"/\" (expected: a file", Invocation.of("report", "--out=/", Fixtures.TESTNET.toString()));
        assertUsageError("Missing required parameter: 'FILE'", Invocation.of("report", "--out=" + page));
        assertUsageError(
                "out: \"" + bad + "\" (expected: none of the files that are read)",
                Invocation.of("report", "--out=" + bad, bad.toString()));
        assertFalse(Files.exists(page));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    --deadline=0ms;  deadline:
                    --bandwidth=0;   bandwidth: 0.0 (expected: above 0 and at most 10000 Mbit/s)
                    --rtt=soon;      Invalid value for option '--rtt'
                    --stall=-1ms;    Invalid value for option '--stall'
                    --scenario=none; scenario: "none" (expected: one of proof-of-concept, backlog-1024, backlog-100000, mixed)
                    """)
    void aConditionThatCannotBeIsRefused(String option, String complaint) {
        assertUsageError(complaint, Invocation.of("compare", option));
    }

    private static void assertUsageError(String complaint, Invocation invocation) {
        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith(complaint), invocation.err());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
    }
}
