/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The file that {@code --json} names. */
final class JsonFile {
    private JsonFile() {}

    /**
     * Checks that it can be written: rather now than after minutes of work.
     *
     * @param file none if null
     * @throws ParameterException if it cannot
     */
    static void requireWritableParent(CommandLine command, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
            throw new ParameterException(command, "json: \"" + file + "\" (expected: a file in a writable directory)");
        }
    }
}
