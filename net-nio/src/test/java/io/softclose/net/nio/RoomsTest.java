/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

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

/** Which of this module's packages may know which, as their sources say. */
final class RoomsTest {
    /** Each knows itself and those before it alone. */
    private static final List<String> ROOMS = List.of("base", "socket", "loop", "link");

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "softclose", "net", "nio");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?io\\.softclose\\.net\\.nio\\.(\\w+)", Pattern.MULTILINE);

    @Test
    void aRoomKnowsOnlyThoseBelowIt() throws IOException {
        Set<String> upward = new TreeSet<>();
        int arrows = 0;
        for (String room : ROOMS) {
            for (Path source : sources(room)) {
                Matcher imported = IMPORT.matcher(Files.readString(source));
                for (; imported.find(); arrows++) {
                    String known = imported.group(1);
                    boolean notAbove = ROOMS.indexOf(known) >= 0 && ROOMS.indexOf(known) <= ROOMS.indexOf(room);
                    if (!notAbove) {
                        upward.add(source.getFileName() + " -> " + known);
                    }
                }
            }
        }

        assertEquals(Set.of(), upward);
        assertTrue(arrows > 30, "arrows: " + arrows + " (expected: more than 30, or the sources were not found)");
    }

    private static List<Path> sources(String room) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
            return files.toList();
        }
    }
}
