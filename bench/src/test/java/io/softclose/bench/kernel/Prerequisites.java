/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.lab.Shell;
import io.softclose.bench.lab.Side;
import io.softclose.bench.lab.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.opentest4j.TestAbortedException;

/**
 * What the suite needs of the machine: Linux, root with the rights of the real one, and the {@linkplain Tool tools},
 * which it installs if need be.
 *
 * @param operatingSystem its name
 * @param user who runs the tests
 * @param hasCommand whether a command is on the path
 */
record Prerequisites(String operatingSystem, String user, Predicate<String> hasCommand) {
    private static final Duration INSTALLATION = Duration.ofMinutes(5);
    private static final AtomicBoolean FAILED = new AtomicBoolean();
    private static final AtomicBoolean TRIED = new AtomicBoolean();

    static Prerequisites ofThisMachine() {
        return new Prerequisites(System.getProperty("os.name"), owner(), Prerequisites::onPath);
    }

    /**
     * Makes sure of all of it, or fails with what is missing. Whoever asked for the suite wants it to run, so this is a
     * failure, but one is enough: after the first the rest is skipped.
     */
    void require() {
        synchronized (FAILED) {
            requireAlone();
        }
    }

    private void requireAlone() {
        if (FAILED.get()) {
            throw new TestAbortedException("cannot run here, as the first failure says");
        }
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            throw failure(missing.get());
        }
        installTools();
        if (!TRIED.getAndSet(true)) {
            Optional<String> refusal = refusal(Prerequisites::tryTestbed);
            if (refusal.isPresent()) {
                throw failure(refusal.get());
            }
        }
    }

    /** Why what every test does is refused, if it is: root in a container may do little. */
    static Optional<String> refusal(Runnable attempt) {
        try {
            attempt.run();
            return Optional.empty();
        } catch (RuntimeException refused) {
            return Optional.of(
                    cannot("needs to make network namespaces, veth pairs and nftables rules (CAP_SYS_ADMIN and"
                            + " CAP_NET_ADMIN; in Docker, --privileged), and that failed: " + refused.getMessage()));
        }
    }

    private static void tryTestbed() {
        try (Testbed testbed = Testbed.open()) {
            testbed.resetWhatIsSentBy(Side.ALICE);
        }
    }

    private static AssertionError failure(String message) {
        FAILED.set(true);
        return new AssertionError(message);
    }

    /** Why the suite cannot run here, if it cannot. */
    Optional<String> missing() {
        if (!operatingSystem.equals("Linux")) {
            return Optional.of(
                    cannot("runs on Linux only, for its network namespaces, and this is " + operatingSystem));
        }
        if (!user.equals("root")) {
            return Optional.of(cannot("needs root, to make network namespaces, and this is " + user));
        }
        List<Tool> tools = missingTools();
        if (!tools.isEmpty() && PackageManager.present(hasCommand).isEmpty()) {
            return Optional.of(
                    cannot("needs " + commands(tools) + ", and finds no apt-get, dnf or apk to install them"));
        }
        return Optional.empty();
    }

    /** The tools that are not there. */
    List<Tool> missingTools() {
        return Arrays.stream(Tool.values())
                .filter(tool -> !hasCommand.test(tool.command()))
                .toList();
    }

    private static String cannot(String why) {
        return "The kernel suite cannot run here: it " + why
                + ". Run it as root on Linux: mvn -B -ntp test -Pkernel -pl bench -am";
    }

    private void installTools() {
        List<Tool> tools = missingTools();
        if (tools.isEmpty()) {
            return;
        }
        for (String command : PackageManager.present(hasCommand).orElseThrow().install(tools)) {
            System.out.println("kernel suite: " + commands(tools) + " missing, so: " + command);
            Shell.Result result = Shell.attempt(INSTALLATION, List.of("sh", "-c", command));
            if (!result.succeeded()) {
                throw failure(cannot("needs " + commands(tools) + ", and installing failed: " + result.output()));
            }
        }
    }

    private static List<String> commands(List<Tool> tools) {
        return tools.stream().map(Tool::command).toList();
    }

    private static boolean onPath(String command) {
        return Arrays.stream(System.getenv()
                        .getOrDefault("PATH", "/usr/sbin:/usr/bin")
                        .split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** Who owns the files of this process: who it runs as, whatever name it was started under. */
    private static String owner() {
        try {
            Path self = Path.of("/proc/self");
            return Files.exists(self) ? Files.getOwner(self.toRealPath()).getName() : System.getProperty("user.name");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
