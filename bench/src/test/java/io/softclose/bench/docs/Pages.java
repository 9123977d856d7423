/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's pages, and what they show as code. */
public final class Pages {
    /** The project, as seen from the directory of a module. */
    static final Path ROOT = Path.of("..");

    private static final Pattern INLINE = Pattern.compile("`([^`]+)`");
    private static final Pattern COMMAND = Pattern.compile("mvn .+|java -.+|\\.ci/\\S+( .*)?");
    private static final Pattern COMMENT = Pattern.compile("\\s+#\\s.*");

    private Pages() {}

    /** README, CONTRIBUTING and their like, and everything below {@code docs}; not what changed from release to release. */
    static List<String> all() {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs)
                    .map(ROOT::relativize)
                    .map(page -> page.toString().replace('\\', '/'))
                    .filter(page -> page.endsWith(".md") && !page.equals("CHANGELOG.md"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Every block of every page. */
    static List<Block> blocks() {
        return all().stream()
                .flatMap(page -> new BlockReader(page, text(page)).blocks().stream())
                .toList();
    }

    /** Every command, in blocks and in sentences, as it would be typed; of {@code a && b} both. */
    public static List<String> commands() {
        List<String> commands = new ArrayList<>();
        for (String page : all()) {
            BlockReader reader = new BlockReader(page, text(page));
            reader.blocks().stream()
                    .filter(block -> block.language().equals("sh"))
                    .flatMap(block -> block.text().replace("\\\n", " ").lines())
                    .forEach(commands::add);
            INLINE.matcher(String.join(
                            "\n",
                            reader.prose().stream()
                                    .filter(line -> !isRowOfCommands(line))
                                    .toList()))
                    .results()
                    .map(span -> span.group(1))
                    .filter(span -> COMMAND.matcher(span).matches() && !isFolder(span))
                    .forEach(commands::add);
        }
        return commands.stream()
                .map(command -> COMMENT.matcher(command).replaceFirst(""))
                .flatMap(command -> Stream.of(command.split(" && ")))
                .map(command -> command.strip().replaceAll("\\s+", " "))
                .filter(command -> !command.isEmpty())
                .distinct()
                .toList();
    }

    /** The rows of the table that says how each command is run: the command, and how. */
    static List<List<String>> commandTable() {
        return text("docs/testing.md")
                .lines()
                .filter(Pages::isRowOfCommands)
                .map(row -> row.split("\\|"))
                .map(cells -> List.of(spans(cells[1]).get(0), cells[2].strip()))
                .toList();
    }

    private static boolean isRowOfCommands(String line) {
        return line.matches("\\| `(mvn|java|jlink|target/|\\.ci/).*` \\| .* \\|");
    }

    private static boolean isFolder(String span) {
        return Files.isDirectory(ROOT.resolve(span));
    }

    static List<String> spans(String markdown) {
        return INLINE.matcher(markdown)
                .results()
                .map(MatchResult::group)
                .map(span -> span.substring(1, span.length() - 1))
                .toList();
    }

    static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
