/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/command-line.md has what there is. */
class CommandLinePageTest {
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");
    private static final Pattern CODES = Pattern.compile("^\\| (\\d+)(?:, (\\d+))? \\|", Pattern.MULTILINE);
    /** Has a table of its own, in docs/testing.md. */
    private static final String ELSEWHERE = "chaos";

    @Test
    void thePageHasEveryOptionAndNoOther() throws IOException {
        Set<String> options = new TreeSet<>(Set.of("--help"));
        CommandLine commands = Main.commandLine();
        commands.getSubcommands().forEach((name, command) -> {
            if (!name.equals(ELSEWHERE)) {
                options.addAll(command.getCommandSpec().optionsMap().keySet());
            }
        });
        options.remove("-h");

        assertEquals(options, found(OPTION));
    }

    @Test
    void thePageHasEveryCommandAndExitCode() throws IOException {
        String page = page();
        Set<String> absent = new TreeSet<>(Main.commandLine().getSubcommands().keySet());
        absent.removeIf(command -> page.contains("`" + command + "`"));
        Set<String> codes = new TreeSet<>(ExitCode.meanings().keySet());

        assertEquals(Set.of(), absent);
        assertEquals(codes, found(CODES));
    }

    private static Set<String> found(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(page()); matcher.find(); ) {
            for (int group = Math.min(1, matcher.groupCount()); group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    found.add(matcher.group(group));
                }
            }
        }
        return found;
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "command-line.md"));
    }
}
