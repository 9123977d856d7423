/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which packages of the report may know which, as their sources say. Nothing that measures knows the report. */
class RoomsTest {
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "data", Set.of("data"),
            "chart", Set.of("chart"),
            "page", Set.of("data", "chart", "page"));

    private static final Path BENCH = Path.of("src", "main", "java", "io", "softclose", "bench");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?io\\.softclose\\.bench\\.report\\.(\\w+)", Pattern.MULTILINE);

    @Test
    void resultsAndDrawingsKnowNothingOfEachOther() throws IOException {
        Set<String> amiss = new TreeSet<>();
        int arrows = 0;
        for (String room : KNOWN.keySet()) {
            for (Path source : sources(BENCH.resolve("report").resolve(room))) {
                Matcher imported = IMPORT.matcher(Files.readString(source));
                for (; imported.find(); arrows++) {
                    if (!KNOWN.get(room).contains(imported.group(1))) {
                        amiss.add(source.getFileName() + " -> " + imported.group(1));
                    }
                }
            }
        }

        assertEquals(Set.of(), amiss);
        assertTrue(arrows > 15, "arrows: " + arrows + " (expected: more than 15, or the sources were not found)");
    }

    @Test
    void onlyTheCommandLineKnowsTheReport() throws IOException {
        Set<String> amiss = new TreeSet<>();
        for (Path source : sources(BENCH)) {
            String file = BENCH.relativize(source).toString().replace('\\', '/');
            if (!file.startsWith("report/")
                    && !file.startsWith("cli/")
                    && IMPORT.matcher(Files.readString(source)).find()) {
                amiss.add(file);
            }
        }

        assertEquals(Set.of(), amiss);
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
