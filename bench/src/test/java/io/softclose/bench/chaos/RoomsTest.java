/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which packages of chaos may know which, as their sources say. */
class RoomsTest {
    /** Each knows itself and those before it alone; the package above them knows all. */
    private static final List<String> ROOMS = List.of("plan", "peer", "judge");

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "softclose", "bench", "chaos");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?io\\.softclose\\.bench\\.chaos\\.(\\w+)", Pattern.MULTILINE);

    @Test
    void aRoomKnowsOnlyThoseBelowIt() throws IOException {
        Set<String> upward = new TreeSet<>();
        int arrows = 0;
        for (String room : ROOMS) {
            for (Path source : sources(room)) {
                Matcher imported = IMPORT.matcher(Files.readString(source));
                for (; imported.find(); arrows++) {
                    int known = ROOMS.indexOf(imported.group(1));
                    if (known < 0 || known > ROOMS.indexOf(room)) {
                        upward.add(source.getFileName() + " -> " + imported.group(1));
                    }
                }
            }
        }

        assertEquals(Set.of(), upward);
        assertTrue(arrows > 15, "arrows: " + arrows + " (expected: more than 15, or the sources were not found)");
    }

    private static List<Path> sources(String room) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
            return files.toList();
        }
    }
}
