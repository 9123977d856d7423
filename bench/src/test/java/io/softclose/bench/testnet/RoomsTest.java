/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

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

/** Which packages of the test network may know which, as their sources say. */
class RoomsTest {
    private static final String ROOT = "io.softclose.bench.testnet";
    /** The root's own classes. */
    private static final String TOP = "";

    /** What each knows besides itself; what the protocol's rooms know, a test of theirs says. */
    private static final Map<String, List<String>> KNOWN = Map.of(
            "figures",
            List.of("consensus"),
            "node",
            List.of("figures", "consensus"),
            TOP,
            List.of("node", "figures", "consensus"),
            "process",
            List.of("node", "figures", "consensus"),
            "host",
            List.of(TOP, "node", "figures", "consensus"));

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "softclose", "bench", "testnet");
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?" + Pattern.quote(ROOT) + "\\.([a-z]*)");

    @Test
    void aRoomKnowsOnlyThoseBelowIt() throws IOException {
        Set<String> upward = new TreeSet<>();
        int arrows = 0;
        for (Map.Entry<String, List<String>> room : KNOWN.entrySet()) {
            for (Path source : sources(room.getKey())) {
                Matcher imports = IMPORT.matcher(Files.readString(source));
                while (imports.find()) {
                    arrows++;
                    String known = imports.group(1);
                    if (!known.equals(room.getKey()) && !room.getValue().contains(known)) {
                        upward.add(source.getFileName() + " -> " + known);
                    }
                }
            }
        }

        assertEquals(Set.of(), upward);
        assertTrue(arrows > 50, "arrows: " + arrows + " (expected: more than 50, or the sources were not found)");
    }

    private static List<Path> sources(String room) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
