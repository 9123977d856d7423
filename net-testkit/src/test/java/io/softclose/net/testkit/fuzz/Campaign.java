/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fuzzing in earnest: Jazzer drives one target after the other, each in a JVM of its own, guided by what code an input
 * reaches. The corpus stays under {@code target/fuzz} and is where the next campaign starts. Only in Maven's profile
 * {@code fuzz} is Jazzer on the class path.
 */
public final class Campaign {
    private static final Path WORK = Path.of("target", "fuzz");
    private static final String INSTRUMENTED = "io.softclose.net.*:io.softclose.net.wire.**:io.softclose.net.engine.**";
    /** A line with a count of inputs and what they have reached. */
    private static final Pattern PROGRESS =
            Pattern.compile("#(\\d+)\\s+(\\w+)\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/.*");

    private final FuzzTarget target;
    private final Path directory;
    private final Path corpus;
    private String progress = "nothing";
    private boolean finding;

    private Campaign(FuzzTarget target) throws IOException {
        this.target = target;
        directory = WORK.resolve(target.name());
        corpus = Files.createDirectories(directory.resolve("corpus"));
    }

    /**
     * Runs campaigns.
     *
     * @param args how long each runs in seconds, then the targets' names with commas between them, or {@code all}
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        long seconds = seconds(args[0]);
        List<FuzzTarget> targets = args[1].equals("all")
                ? FuzzTargets.ALL
                : Stream.of(args[1].split(",")).map(FuzzTargets::named).toList();
        List<String> summary = new ArrayList<>();
        boolean failed = false;
        for (FuzzTarget target : targets) {
            Campaign campaign = new Campaign(target);
            int exit = campaign.run(seconds);
            failed |= exit != 0;
            if (exit != 0 && !campaign.finding) {
                System.out.println(target.name() + ": the fuzzer ended with " + exit + ", see "
                        + campaign.directory.resolve("log").toAbsolutePath());
            }
            summary.add(
                    "%-10s %s, %s".formatted(target.name(), campaign.progress, exit == 0 ? "no finding" : "FAILED"));
        }
        System.out.println(String.join(System.lineSeparator(), summary));
        System.exit(failed ? 1 : 0);
    }

    private static long seconds(String given) {
        // The fuzzer takes 0 for no limit.
        if (!given.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("softclose.fuzz.seconds: " + given + " (expected: 1 or more)");
        }
        return Long.parseLong(given);
    }

    private int run(long seconds) throws IOException, InterruptedException {
        Path seeds = Files.createDirectories(directory.resolve("seeds"));
        int number = 0;
        for (byte[] seed : FuzzTest.seeds(target)) {
            Files.write(seeds.resolve("seed" + number++), seed);
        }
        System.out.println("fuzzing " + target.name() + " for " + seconds + " s, log in " + directory.resolve("log"));
        Process process = new ProcessBuilder(command(seconds, seeds))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter log = new PrintWriter(directory.resolve("log").toFile(), StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.println(line);
                take(line);
            }
        }
        return process.waitFor();
    }

    private void take(String line) {
        Matcher matcher = PROGRESS.matcher(line);
        if (matcher.matches()) {
            progress = "%s inputs, coverage %s, features %s, corpus %s"
                    .formatted(matcher.group(1), matcher.group(3), matcher.group(4), matcher.group(5));
            if (matcher.group(2).equals("pulse")) {
                System.out.println(target.name() + ": " + progress);
            }
            return;
        }
        finding |= line.startsWith("== ");
        if (finding) {
            System.out.println(line);
        }
        Matcher written = Pattern.compile(".*Test unit written to (\\S+)").matcher(line);
        if (written.matches()) {
            System.out.println(FuzzTest.repeat(target, Path.of(written.group(1)).normalize()));
        }
    }

    private List<String> command(long seconds, Path seeds) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return List.of(
                java.toString(),
                // One core, and no warnings about what an agent does.
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:ActiveProcessorCount=1",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xshare:off",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + CoverageGuided.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=" + INSTRUMENTED,
                "--disabled_hooks=*",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-max_total_time=" + seconds,
                "-max_len=2048",
                // A single input that takes this long, in seconds, hangs.
                "-timeout=20",
                "-print_final_stats=1",
                corpus.toString(),
                seeds.toString());
    }
}
