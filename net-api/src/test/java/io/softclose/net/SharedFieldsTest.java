/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs/architecture.md, "What several threads share", beside the sources. */
class SharedFieldsTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of("net-api", "net-nio", "net-netty");

    /** A declaration that begins with a modifier, which a local variable's does not, up to the field's name. */
    private static final Pattern FIELD = Pattern.compile(
            "^ +(?:(?:private|protected|public|static|final|volatile) )+[^=(;]*?(\\w+)(?:;| =).*$", Pattern.MULTILINE);

    private static final Pattern SHARED = Pattern.compile("\\bvolatile\\b|\\bAtomic\\w+|\\bVarHandle\\b"
            + "|\\bContendedLong\\b|\\bLongAdder\\b|\\bConcurrent\\w+|\\bCopyOnWrite\\w+|\\bCompletableFuture<");

    /** A field in the first column of a table. */
    private static final Pattern DOCUMENTED = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");

    @Test
    void everySharedFieldHasARow() throws IOException {
        Set<String> shared = new TreeSet<>();
        sources().forEach((type, source) -> {
            for (Matcher field = FIELD.matcher(source); field.find(); ) {
                if (SHARED.matcher(field.group()).find()) {
                    shared.add(type + "." + field.group(1));
                }
            }
        });
        assertTrue(shared.contains("Outbox.awake"), shared::toString);

        shared.removeAll(documented());

        assertEquals(Set.of(), shared, "without a row in docs/architecture.md");
    }

    @Test
    void everyRowHasAField() throws IOException {
        Map<String, String> sources = sources();

        Set<String> gone = documented().stream()
                .filter(field -> !declares(sources, field))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), gone, "in docs/architecture.md only");
    }

    private static boolean declares(Map<String, String> sources, String field) {
        int dot = field.indexOf('.');
        String source = sources.getOrDefault(field.substring(0, dot), "");
        return FIELD.matcher(source).results().anyMatch(found -> found.group(1).equals(field.substring(dot + 1)));
    }

    /** The text of each source, by the name of its type. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : MODULES) {
            Path folder = ROOT.resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }

    private static Set<String> documented() throws IOException {
        String docs = Files.readString(ROOT.resolve("docs/architecture.md"));
        String tables =
                docs.substring(docs.indexOf("## What several threads share"), docs.indexOf("## When something throws"));
        Set<String> fields = new TreeSet<>();
        for (String row : tables.lines().filter(line -> line.startsWith("| `")).toList()) {
            DOCUMENTED
                    .matcher(row.substring(0, row.indexOf('|', 1)))
                    .results()
                    .forEach(field -> fields.add(field.group(1) + "." + field.group(2)));
        }
        return fields;
    }
}
