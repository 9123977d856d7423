/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contracts know what they work with, which knows no contract: it serves tests of one's own as well. */
class FixtureRoomsTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "softclose", "net", "testkit");
    private static final List<String> ROOMS = List.of("transport/fixture", "node/fixture", "node/peer");
    private static final Pattern CONTRACT =
            Pattern.compile("^import io\\.softclose\\.net\\.testkit\\.\\w+\\.\\w+Contract;", Pattern.MULTILINE);

    @Test
    void noFixtureKnowsAContract() throws IOException {
        Set<String> upward = new TreeSet<>();
        List<Path> fixtures = fixtures();
        for (Path fixture : fixtures) {
            if (CONTRACT.matcher(Files.readString(fixture)).find()) {
                upward.add(SOURCES.relativize(fixture).toString());
            }
        }

        assertEquals(Set.of(), upward);
        assertTrue(
                fixtures.size() > 5, "fixtures: " + fixtures.size() + " (expected: more than 5, or none were found)");
    }

    private static List<Path> fixtures() throws IOException {
        List<Path> fixtures = new ArrayList<>();
        for (String room : ROOMS) {
            try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
                files.forEach(fixtures::add);
            }
        }
        return fixtures;
    }
}
