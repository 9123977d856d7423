/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that names a file for results. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class JsonFile {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the results to this file, too.")
    private @Nullable Path file;

    /**
     * Checks that it can be written: rather now than after minutes of work.
     *
     * @throws picocli.CommandLine.ParameterException if it cannot
     */
    public void requireWritable() {
        OutputFile.requireWritable(spec.commandLine(), "json", file);
    }

    /** Where the results come from: this command line. */
    public Origin origin() {
        return Origin.of(spec.root().commandLine().getParseResult().originalArgs());
    }

    /**
     * Writes it, if one is named.
     *
     * @param json of the results, with their origin
     * @throws IOException if that fails after all
     */
    public void write(Function<Origin, String> json) throws IOException {
        if (file != null) {
            Files.writeString(file, json.apply(origin()) + System.lineSeparator());
        }
    }
}
