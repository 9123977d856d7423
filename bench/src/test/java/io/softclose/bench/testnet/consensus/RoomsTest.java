/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

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

/** What decides knows nothing of networks, threads or time, as its sources say. */
class RoomsTest {
    private static final Path SOURCES =
            Path.of("src", "main", "java", "io", "softclose", "bench", "testnet", "consensus");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);
    /** Besides the classes of the JDK that do nothing by themselves. */
    private static final List<String> MESSAGE = List.of(
            "io.softclose.bench.testnet.consensus.message.",
            "io.softclose.net.spi.Require",
            "io.softclose.policy.priority.ConsensusMessageType",
            "org.jspecify.annotations.");

    private static final List<String> JDK =
            List.of("java.util.", "java.nio.ByteBuffer", "java.time.Duration", "java.security.");

    @Test
    void messagesKnowOnlyThemselves() throws IOException {
        assertEquals(Set.of(), strangers("message", MESSAGE));
    }

    @Test
    void decisionsKnowMessagesAndNoNetworkThreadOrClock() throws IOException {
        assertEquals(
                Set.of(),
                strangers(
                        "core",
                        Stream.concat(MESSAGE.stream(), Stream.of("io.softclose.bench.testnet.consensus.core."))
                                .toList()));
    }

    private static Set<String> strangers(String room, List<String> known) throws IOException {
        Set<String> strangers = new TreeSet<>();
        int imports = 0;
        try (Stream<Path> files = Files.list(SOURCES.resolve(room))) {
            for (Path source : files.toList()) {
                Matcher imported = IMPORT.matcher(Files.readString(source));
                for (; imported.find(); imports++) {
                    String name = imported.group(1);
                    boolean concurrent = name.startsWith("java.util.concurrent");
                    if (concurrent
                            || Stream.of(known, JDK).flatMap(List::stream).noneMatch(name::startsWith)) {
                        strangers.add(source.getFileName() + " -> " + name);
                    }
                }
            }
        }
        assertTrue(imports > 20, "imports: " + imports + " (expected: more than 20, or the sources were not found)");
        return strangers;
    }
}
