/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which arrows there are between the packages of this module, as the JDK's jdeps finds them in its classes. */
class ArchitectureTest {
    private static final String ROOT = "io.softclose.net";
    private static final String SPI = ROOT + ".spi";
    private static final String WIRE = ROOT + ".wire";
    private static final String LOG = ROOT + ".log";
    private static final String TLS_LINK = ROOT + ".tls.link";
    private static final String ENGINE = ROOT + ".engine";
    /** The rooms of the engine, each of which knows those before it alone. */
    private static final List<String> ROOMS = List.of(
            ENGINE,
            ENGINE + ".loop",
            ENGINE + ".inbox",
            ENGINE + ".outbox",
            ENGINE + ".stream",
            ENGINE + ".rpc",
            ENGINE + ".connection",
            ENGINE + ".peer",
            ENGINE + ".node");

    private static final String GUICE = ROOT + ".guice";
    private static final String METRICS = ROOT + ".metrics";

    /** What is done beside networks, with what every application has of them. */
    private static final List<String> BESIDE =
            List.of(ROOT + ".connectivity", ROOT + ".health", ROOT + ".jfr", METRICS);

    /** A line of jdeps: a class, and one that it uses. */
    private static final Pattern ARROW = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)\\s.*$", Pattern.MULTILINE);

    private record Arrow(String from, String to) {}

    private static final List<Arrow> ARROWS = new ArrayList<>();

    @BeforeAll
    static void findArrows() throws IOException {
        Path jdeps = Path.of(System.getProperty("java.home"), "bin", "jdeps");
        Process process = new ProcessBuilder(jdeps.toString(), "-v", "--multi-release", "base", "target/classes")
                .redirectErrorStream(true)
                .start();
        String output;
        try (InputStream from = process.getInputStream()) {
            output = new String(from.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Matcher line = ARROW.matcher(output); line.find(); ) {
            ARROWS.add(new Arrow(line.group(1), line.group(2)));
        }
        assertTrue(ARROWS.size() > 1_000, () -> "jdeps found too little: " + output);
    }

    @Test
    void thePortsKnowOnlyValuesAndEachOther() {
        assertEquals(Set.of(), usesOf(SPI, used -> isOurs(used) && !isIn(used, ROOT) && !isIn(used, SPI)));
    }

    @Test
    void theWireFormatKnowsOnlyValues() {
        assertEquals(Set.of(), usesOf(WIRE, used -> isOurs(used) && !isIn(used, ROOT) && !isIn(used, WIRE)));
    }

    @Test
    void theLogKnowsOnlyValues() {
        assertEquals(Set.of(), usesOf(LOG, used -> isOurs(used) && !isIn(used, ROOT) && !isIn(used, LOG)));
    }

    @Test
    void theLinksOverTlsKnowOnlyValuesPortsAndTheLog() {
        assertEquals(
                Set.of(),
                usesOf(
                        TLS_LINK,
                        used -> isOurs(used)
                                && !isIn(used, ROOT)
                                && !isIn(used, SPI)
                                && !isIn(used, LOG)
                                && !isIn(used, TLS_LINK)));
    }

    @Test
    void onlyTheTransportOverTlsKnowsItsLinks() {
        Set<String> users = new TreeSet<>();
        for (Arrow arrow : ARROWS) {
            if (isIn(arrow.to, TLS_LINK) && !isIn(arrow.from, TLS_LINK)) {
                users.add(arrow.from.replaceAll("\\$.*", ""));
            }
        }

        assertEquals(Set.of(ROOT + ".tls.TlsTransport"), users);
    }

    /** Whatever they do, an application could do as well. */
    @Test
    void whatStandsBesideNetworksUsesOnlyWhatIsExported() {
        Set<String> exported = Set.of(ROOT, SPI);
        for (String beside : BESIDE) {
            assertEquals(
                    Set.of(),
                    usesOf(
                            beside,
                            used -> isOurs(used)
                                    && !isIn(used, beside)
                                    && exported.stream().noneMatch(open -> isIn(used, open))));
        }
    }

    @Test
    void nothingOfANetworkKnowsWhatStandsBesideIt() {
        for (Arrow arrow : ARROWS) {
            for (String beside : BESIDE) {
                assertTrue(
                        !isIn(arrow.to, beside) || isIn(arrow.from, beside) || isIn(arrow.from, GUICE),
                        arrow::toString);
            }
        }
    }

    @Test
    void ofTheApiOnlyTheBuilderKnowsTheEngine() {
        Set<String> users = new TreeSet<>();
        for (Arrow arrow : ARROWS) {
            if (isEngine(arrow.to) && !isEngine(arrow.from)) {
                users.add(arrow.from);
            }
        }

        assertEquals(Set.of(ROOT + ".NetworkBuilder"), users);
    }

    @Test
    void theRoomsOfTheEngineKnowOnlyThoseBelowThem() {
        Set<String> upward = new TreeSet<>();
        for (Arrow arrow : ARROWS) {
            if (isEngine(arrow.from) && isEngine(arrow.to) && floor(arrow.to) > floor(arrow.from)) {
                upward.add(arrow.from + " -> " + arrow.to);
            }
        }

        assertEquals(Set.of(), upward);
    }

    private static boolean isEngine(String name) {
        return name.startsWith(ENGINE + ".");
    }

    private static int floor(String name) {
        for (int floor = 0; floor < ROOMS.size(); floor++) {
            if (isIn(name, ROOMS.get(floor))) {
                return floor;
            }
        }
        throw new AssertionError(name + ": in no room (expected: one of " + ROOMS + ")");
    }

    @Test
    void nothingKnowsGuiceButThePackageMadeForIt() {
        for (Arrow arrow : ARROWS) {
            boolean guice = arrow.to.startsWith("com.google.") || isIn(arrow.to, GUICE);
            assertTrue(!guice || isIn(arrow.from, GUICE), arrow::toString);
        }
    }

    @Test
    void onlyMetricsAndTheirModuleForGuiceKnowMicrometer() {
        Set<String> users = new TreeSet<>();
        for (Arrow arrow : ARROWS) {
            if (arrow.to.startsWith("io.micrometer.") && !isIn(arrow.from, METRICS)) {
                users.add(arrow.from);
            }
        }

        assertEquals(Set.of(GUICE + ".MetricsModule"), users);
    }

    @Test
    void theEngineUsesTheJdkAndThisModuleAlone() {
        Predicate<String> foreign =
                used -> !isOurs(used) && !used.startsWith("java.") && !used.startsWith("org.jspecify.");

        for (String room : ROOMS) {
            assertEquals(Set.of(), usesOf(room, foreign));
        }
    }

    private static Set<String> usesOf(String user, Predicate<String> which) {
        Set<String> uses = new TreeSet<>();
        for (Arrow arrow : ARROWS) {
            if (isIn(arrow.from, user) && which.test(arrow.to)) {
                uses.add(arrow.from + " -> " + arrow.to);
            }
        }
        return uses;
    }

    private static boolean isOurs(String name) {
        return name.startsWith(ROOT + ".");
    }

    private static boolean isIn(String name, String packageName) {
        return name.startsWith(packageName + ".") && name.indexOf('.', packageName.length() + 1) < 0;
    }
}
