/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every target with its seeds, with every input that was ever found to fail, and with mutations of both. Which mutations
 * comes from one seed, which a failure names; {@value #SEED} changes it. {@link Campaign} looks for more.
 */
class FuzzTest {
    /** The system property with the seed of the mutations. */
    static final String SEED = "softclose.fuzz.seed";

    /** The system property with the target of the one input to try, and the input's file. */
    static final String INPUT = "softclose.fuzz.input";

    private static final Path FOUND = Path.of("src", "test", "resources", "fuzz");
    private static final Path FAILED = Path.of("target", "fuzz");

    static List<FuzzTarget> targets() {
        return FuzzTargets.ALL;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everySeedIsBorne(FuzzTarget target) {
        List<byte[]> seeds = seeds(target);

        for (byte[] seed : seeds) {
            check(target, seed, "a seed");
        }
        assertTrue(seeds.size() > 1, "seeds: " + seeds.size());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void mutationsOfSeedsAreBorne(FuzzTarget target) {
        long seed = Long.getLong(SEED, 1);
        Mutations mutations = new Mutations(seed, seeds(target));
        long started = System.nanoTime();

        for (int number = 1; number <= target.mutations(); number++) {
            check(target, mutations.next(), "mutation " + number + " of seed " + seed);
        }
        System.out.println("FuzzTest: " + target.name() + ": " + target.mutations() + " inputs in "
                + (System.nanoTime() - started) / 1_000_000 + " ms");
    }

    /** The input that was asked for: how a failing one is tried again. If none was, that of no bytes. */
    @Test
    void oneInputIsBorne() throws Throwable {
        String asked = System.getProperty(INPUT, "");
        if (asked.isEmpty()) {
            FuzzTargets.ALL.forEach(target -> check(target, new byte[0], "no bytes"));
        } else {
            String[] targetAndFile = asked.split(":", 2);
            FuzzTargets.named(targetAndFile[0]).check(Files.readAllBytes(Path.of(targetAndFile[1])));
        }
    }

    private static void check(FuzzTarget target, byte[] input, String what) {
        try {
            target.check(input);
        } catch (Throwable failure) {
            Path file = FAILED.resolve(target.name() + "-" + Integer.toHexString(Arrays.hashCode(input)));
            try {
                Files.createDirectories(FAILED);
                Files.write(file, input);
            } catch (IOException unwritten) {
                failure.addSuppressed(unwritten);
            }
            throw new AssertionError(
                    what + " of " + target.name() + ": " + failure + "; " + repeat(target, file), failure);
        }
    }

    /** What to type to try an input again. */
    static String repeat(FuzzTarget target, Path file) {
        return "repeat it: mvn -B test -am -pl net-testkit -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtest=FuzzTest#oneInputIsBorne -D" + INPUT + "=" + target.name() + ":" + file
                + " (keep it as net-testkit/" + FOUND.resolve(target.name()).resolve(file.getFileName()) + ")";
    }

    /** What it starts from: its own seeds, and what was found. */
    static List<byte[]> seeds(FuzzTarget target) {
        List<byte[]> seeds = new ArrayList<>(target.seeds());
        Path found = FOUND.resolve(target.name());
        if (Files.isDirectory(found)) {
            try (Stream<Path> files = Files.list(found)) {
                for (Path file : files.sorted().toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return seeds;
    }
}
