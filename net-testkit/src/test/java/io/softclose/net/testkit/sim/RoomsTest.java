/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

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

/** Which packages of the simulation may know which, as their sources say. */
final class RoomsTest {
    /** Each knows itself and those before it alone, besides {@link #KNOWN_TO_ALL}. */
    private static final List<String> ROOMS = List.of("kernel", "link", "world", "scenario", "ledger", "tls", "run");

    /** What the exported package has of values and interfaces. */
    private static final Set<String> KNOWN_TO_ALL = Set.of("SimConditions", "SimLink", "SimSockets", "SimTransport");

    /** The classes of the exported package by which one enters the rooms. */
    private static final Set<String> DOORS = Set.of("SimNetwork", "Simulation");

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "softclose", "net", "testkit", "sim");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?io\\.softclose\\.net\\.testkit\\.sim\\.(\\w+)", Pattern.MULTILINE);

    @Test
    void aRoomKnowsOnlyThoseBelowIt() throws IOException {
        Set<String> upward = new TreeSet<>();
        int arrows = 0;
        for (String room : ROOMS) {
            for (Path source : sources(SOURCES.resolve(room))) {
                Matcher imported = IMPORT.matcher(Files.readString(source));
                for (; imported.find(); arrows++) {
                    String known = imported.group(1);
                    boolean notAbove = ROOMS.indexOf(known) >= 0 && ROOMS.indexOf(known) <= ROOMS.indexOf(room);
                    if (!notAbove && !KNOWN_TO_ALL.contains(known)) {
                        upward.add(source.getFileName() + " -> " + known);
                    }
                }
            }
        }

        assertEquals(Set.of(), upward);
        assertTrue(arrows > 50, "arrows: " + arrows + " (expected: more than 50, or the sources were not found)");
    }

    /** A room of the ledger's own. */
    @Test
    void theEvidenceKnowsNothingOfWhoJudgesByIt() throws IOException {
        for (Path source : sources(SOURCES.resolve(Path.of("ledger", "evidence")))) {
            assertTrue(
                    IMPORT.matcher(Files.readString(source))
                            .results()
                            .noneMatch(known -> known.group(1).equals("ledger")),
                    source::toString);
        }
    }

    @Test
    void ofWhatTestsSeeOnlyTheDoorsKnowTheRooms() throws IOException {
        Set<String> users = new TreeSet<>();
        for (Path source : sources(SOURCES)) {
            if (IMPORT.matcher(Files.readString(source)).results().anyMatch(known -> ROOMS.contains(known.group(1)))) {
                users.add(source.getFileName().toString().replace(".java", ""));
            }
        }

        assertEquals(DOORS, users);
    }

    @Test
    void everyPackageOfTheSimulationIsARoom() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            Set<String> packages = new TreeSet<>(files.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .toList());

            assertEquals(new TreeSet<>(ROOMS), packages);
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
