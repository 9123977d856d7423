/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command of a page has a row in the table of the page on testing, which says how it is run, and truly. */
class CommandsTest {
    private static final List<String> MODULES =
            List.of("net-api", "net-testkit", "net-nio", "net-netty", "policy-drain", "policy-priority", "bench");
    private static final Pattern SELECTION = Pattern.compile("-Dtest='?([^' `]+)");

    @Test
    void theTableHasEveryCommandOfThePages() {
        List<String> rows = Pages.commandTable().stream().map(row -> row.get(0)).toList();

        assertEquals(String.join("\n", new TreeSet<>(Pages.commands())), String.join("\n", new TreeSet<>(rows)));
        assertEquals(rows.stream().distinct().toList(), rows);
    }

    /** By a script, which has the command or what the row says it has instead; by a test; or by hand, for a reason. */
    @Test
    void whatTheTableSaysRunsACommandDoes() throws IOException {
        List<String> sources = testSources();
        List<String> amiss = new ArrayList<>();
        for (List<String> row : Pages.commandTable()) {
            List<String> spans = Pages.spans(row.get(1));
            String by = spans.isEmpty() ? "" : spans.get(0);
            boolean run = by.startsWith(".ci/")
                    ? Pages.text(by).contains(spans.size() > 1 ? spans.get(1) : row.get(0))
                    : sources.stream().anyMatch(source -> source.endsWith("/" + by + ".java"));
            if (!run && !row.get(1).matches("by hand: .{10,}")) {
                amiss.add(row.toString());
            }
        }

        assertEquals(
                List.of(), amiss, "expected: `.ci/run`, another script or a test that runs it, or \"by hand: why\"");
    }

    @Test
    void everySelectionOfTestsSelectsSome() throws IOException {
        List<String> sources = testSources();
        List<String> empty = Pages.all().stream()
                .flatMap(page -> SELECTION.matcher(Pages.text(page)).results())
                .map(MatchResult::group)
                .flatMap(selection ->
                        Stream.of(selection.replaceAll("-Dtest='?", "").split(",")))
                .filter(pattern -> sources.stream().noneMatch(source -> selects(pattern, source)))
                .toList();

        assertEquals(List.of(), empty);
    }

    @Test
    void commandsAreFoundInBlocksAndInSentences() {
        assertTrue(
                Pages.commands()
                        .containsAll(List.of(
                                "mvn -B -ntp clean verify",
                                "java -jar bench/target/benchmarks.jar compare",
                                ".ci/planted-defects/run",
                                "mvn spotless:apply")),
                () -> String.join("\n", Pages.commands()));
    }

    private static boolean selects(String pattern, String source) {
        String anywhere = pattern.contains("/") ? pattern : "**/" + pattern;
        return FileSystems.getDefault()
                .getPathMatcher("glob:" + anywhere + ".java")
                .matches(Path.of(source));
    }

    /** As surefire sees them, below the root of packages, and a slash before. */
    private static List<String> testSources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path root = Pages.ROOT.resolve(module).resolve(Path.of("src", "test", "java"));
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(file -> "/" + root.relativize(file).toString().replace('\\', '/'))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
