/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks files that are to be written: rather now than after minutes of work. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Checks one.
     *
     * @param option which names it, without its dashes
     * @param file none if null
     * @throws ParameterException if it cannot be written
     */
    public static void requireWritable(CommandLine command, String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
            throw new ParameterException(
                    command, option + ": \"" + file + "\" (expected: a file in a writable directory)");
        }
    }
}
