/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every block of a page is of a kind that something checks, and what it quotes stands in the file. */
class PagesTest {
    /** Java and commands have tests of their own; text is what is printed, drawn or on the wire, and checked by nobody. */
    private static final Set<String> KINDS = Set.of("java", "sh", "xml", "text");

    private static final Set<String> NOTES = Set.of("java in", "java with", "quoted");
    private static final Pattern DEPENDENCY =
            Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<$]+)</version>");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyBlockIsOfAKnownKind() {
        List<Block> unknown = Pages.blocks().stream()
                .filter(block -> !KINDS.contains(block.language())
                        || !NOTES.containsAll(block.notes().stream()
                                .map(note -> note.substring(0, Math.max(0, note.indexOf(':'))))
                                .toList()))
                .toList();

        assertEquals(List.of(), unknown, "expected: one of " + KINDS + ", notes: " + NOTES);
    }

    @Test
    void whatAPageQuotesStandsInTheFile() {
        List<String> amiss = Pages.blocks().stream()
                .flatMap(block -> block.notes("quoted").stream()
                        .filter(file -> !stands(block.text(), Pages.text(file)))
                        .map(file -> block + " is not in " + file))
                .toList();

        assertEquals(List.of(), amiss);
    }

    /** A block may be further to the left than in the file. */
    private static boolean stands(String shown, String file) {
        return IntStream.of(0, 4, 8, 12).anyMatch(by -> ("\n" + file).contains("\n" + indented(shown, by)));
    }

    private static String indented(String text, int by) {
        return text.lines()
                .map(line -> line.isEmpty() ? "\n" : " ".repeat(by) + line + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void versionsThatAPageNamesAreThoseOfTheTests() {
        String path = System.getProperty("java.class.path");
        List<String> other = Pages.blocks().stream()
                .filter(block ->
                        block.language().equals("xml") && block.notes("quoted").isEmpty())
                .flatMap(block -> DEPENDENCY.matcher(block.text()).results())
                .map(found -> found.group(1) + "-" + found.group(2) + ".jar")
                .filter(jar -> !path.contains(jar))
                .toList();

        assertEquals(List.of(), other, "not on the tests' class path");
    }

    @Test
    void everyLinkLeadsToAFile() {
        List<String> lost = Pages.all().stream()
                .flatMap(page -> LINK.matcher(Pages.text(page))
                        .results()
                        .map(MatchResult::group)
                        .map(link -> link.replaceAll("^\\]\\(|[#)].*$", ""))
                        .filter(link -> !Files.exists(
                                Pages.ROOT.resolve(page).resolveSibling(link).normalize()))
                        .map(link -> page + ": " + link))
                .toList();

        assertEquals(List.of(), lost);
    }

    @Test
    void aReaderTellsBlocksNotesAndProseApart() {
        String page = """
                Words, and `mvn this`.

                    mvn that   # a command

                - an item

                    that goes on

                <!-- java in: class A {
                … } -->

                ```java
                int a;
                ```
                    no block
                ```
                neither
                ```
                """;

        BlockReader reader = new BlockReader("p.md", page);

        assertEquals(
                List.of(
                        new Block("p.md", 3, "sh", "    mvn that   # a command\n", List.of()),
                        new Block("p.md", 13, "java", "int a;\n", List.of("java in: class A {\n… }")),
                        new Block("p.md", 17, "", "neither\n", List.of())),
                reader.blocks());
        assertTrue(reader.prose().containsAll(List.of("    that goes on", "    no block")));
        assertEquals(List.of("class A {\n… }"), reader.blocks().get(1).notes("java in"));
    }

    @Test
    void thePagesAreThere() {
        assertTrue(Pages.all().containsAll(List.of("README.md", "CONTRIBUTING.md", "docs/closing.md")));
        assertTrue(Stream.of("java", "sh", "xml")
                .allMatch(kind -> Pages.blocks().stream()
                        .anyMatch(block -> block.language().equals(kind))));
    }
}
