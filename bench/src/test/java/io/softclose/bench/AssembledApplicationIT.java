/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that Guice assembles, in a JVM of its own, from the jars that are built: on the module path as a named
 * module, and on the class path; with the plugins' modules, with plugins that it knows by name alone, and over native
 * libraries, which must be found on either path. It finds every plugin that is there. The JVM ends only if no thread is
 * left.
 */
class AssembledApplicationIT {
    private static final Path SOURCES = Path.of("src", "test", "resources", "assembled");
    /** The libraries for io_uring are one module by name, so there is room for those of one processor. */
    private static final String PROCESSOR = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";

    private static final Pattern NEEDED = Pattern.compile(
            "(softclose-(net-api|net-nio|net-netty|policy-drain|policy-priority)|guice|guava|failureaccess|aopalliance|jakarta\\.inject-api)-[0-9].*"
                    + "|netty-(common|buffer|transport|resolver)-[0-9].*"
                    + "|netty-transport-(classes-epoll|classes-io_uring|native-unix-common)-[0-9].*"
                    + "|netty-transport-native-epoll-.*-linux-(x86_64|aarch_64)\\.jar"
                    + "|netty-transport-native-io_uring-.*-linux-" + PROCESSOR + "\\.jar");
    private static final long WAIT_SECONDS = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"installed", "named", "netty"})
    void itRunsOnTheModulePath(String plugins) throws Exception {
        assumeNatives(plugins);
        Path classes = compile(
                List.of("--module-path", jars()),
                plugins + "/module-info.java",
                plugins + "/assembled/Main.java",
                "node/assembled/Node.java");

        List<String> printed = run("-p", jars() + File.pathSeparator + classes, "-m", "assembled/assembled.Main");

        assertEquals(expected(true), printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"installed", "named", "netty"})
    void itRunsOnTheClassPath(String plugins) throws Exception {
        assumeNatives(plugins);
        Path classes = compile(List.of("-cp", jars()), plugins + "/assembled/Main.java", "node/assembled/Node.java");

        List<String> printed = run("-cp", jars() + File.pathSeparator + classes, "assembled.Main");

        assertEquals(expected(false), printed);
    }

    /** The application on Netty insists on native libraries; here they are on the class path in any case. */
    private static void assumeNatives(String plugins) {
        boolean available = Epoll.isAvailable() && IoUring.isAvailable();
        if (plugins.equals("netty") && !available) {
            System.out.println("SKIPPED: native library not available here: " + Epoll.unavailabilityCause() + ", "
                    + IoUring.unavailabilityCause());
        }
        assumeTrue(available || !plugins.equals("netty"), "native library not available here");
    }

    private static List<String> expected(boolean namedModule) {
        return List.of(
                "named module: " + namedModule,
                "transports found: [netty, nio]",
                "close policies found: [consensus-priority, drop, graceful, timed-drain]",
                "bob has Message[MempoolDirectSend, priority 0, 5 bytes]",
                "alice: timed-drain CLEAN",
                "bob: graceful");
    }

    /** What the application needs of the tests' own class path; ours are jars once they are packaged. */
    private static String jars() {
        List<String> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(new File(entry).getName()).matches())
                .toList();
        assertEquals(20, jars.size(), jars.toString());
        return String.join(File.pathSeparator, jars);
    }

    private Path compile(List<String> path, String... sources) throws Exception {
        Path classes = directory.resolve("classes");
        List<String> options = new ArrayList<>(List.of("-d", classes.toString(), "--release", "17", "-Xlint:all"));
        options.addAll(path);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> units = Stream.of(sources).map(SOURCES::resolve).toList();
            boolean compiled = compiler.getTask(
                            problems, files, null, options, null, files.getJavaFileObjectsFromPaths(units))
                    .call();
            assertTrue(compiled, problems.toString());
        }
        return classes;
    }

    private List<String> run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
            String told = Files.readString(output) + Files.readString(errors);
            assertTrue(ended, "still running, with a thread left or a wait in vain: " + told);
            assertEquals(0, process.exitValue(), told);
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }
}
