/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.cli.Main;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that is built: one file, run by {@code java -jar}. */
class BenchmarksJarIT {
    private static final Path JAR = Path.of(System.getProperty("benchmarks.jar"));

    @Test
    void itFindsEveryTransportAndPolicy(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("out");

        int exitCode = run(output, "compare", "--scenario", "proof-of-concept", "--reader", "fast");

        String table = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(ExitCode.OK.code(), exitCode, table);
        for (String transport : List.of("nio", "netty")) {
            assertTrue(table.lines().anyMatch((transport + ", proof-of-concept")::equals), table);
            for (String policy : List.of("drop", "timed-drain", "graceful", "consensus-priority")) {
                String row = "fast +" + policy + " +\\d+ .*";
                assertEquals(2, table.lines().filter(line -> line.matches(row)).count(), table);
            }
        }
    }

    @Test
    void itRunsABenchmarkAsAnyJmhJarDoes(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("out");
        int exitCode =
                run(output, "CodecBenchmark.encode", "-f", "1", "-wi", "0", "-i", "1", "-r", "10ms", "-p", "size=64");
        String results = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(ExitCode.OK.code(), exitCode, results);
        assertTrue(results.lines().anyMatch(line -> line.matches("CodecBenchmark.encode +64 +avgt .*ns/op")), results);
    }

    @Test
    void itIsNoModuleAndRunsOnEveryJdk() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals(Main.class.getName(), manifest.getValue(Attributes.Name.MAIN_CLASS));
            assertEquals("true", manifest.getValue(Attributes.Name.MULTI_RELEASE));
            assertEquals(
                    List.of(),
                    jar.stream()
                            .map(JarEntry::getName)
                            .filter(name ->
                                    name.endsWith("module-info.class") || name.matches("META-INF/.*\\.(SF|RSA)"))
                            .toList());
        }
    }

    private static int run(Path output, String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.remove("JAVA_TOOL_OPTIONS");
        Process child = builder.start();
        ChildErrors.follow(child);
        return child.waitFor();
    }
}
