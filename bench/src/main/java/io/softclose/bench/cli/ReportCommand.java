/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.OutputFile;
import io.softclose.bench.report.Report;
import io.softclose.bench.report.data.BadResultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what other commands have measured. */
@Command(
        name = "report",
        description = {
            "Makes one page of results: figures and tables of what compare --json, compare --timeline, testnet --json and"
                    + " JMH's -rf json have written.",
            "The page is one file that needs nothing else: no network, no script."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "FILE", description = "The page, which is written anew.")
    private @Nullable Path page;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "An SVG of the first result of testnet among the files, which is written anew.")
    private @Nullable Path picture;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Result files, shown in this order.")
    private List<Path> files;

    @Override
    public Integer call() throws IOException {
        if (page == null && picture == null) {
            throw wrong("no output (expected: --out FILE, --picture FILE or both)");
        }
        OutputFile.requireWritable(spec.commandLine(), "out", page);
        OutputFile.requireWritable(spec.commandLine(), "picture", picture);
        requireNoneOfTheFiles("out", page);
        requireNoneOfTheFiles("picture", picture);
        Report report = read();
        if (picture != null) {
            String drawn = report.picture()
                    .orElseThrow(() -> wrong("--picture: no result of testnet among the files (expected: one)"));
            Files.writeString(picture, drawn);
        }
        if (page != null) {
            Files.writeString(page, report.page());
        }
        return ExitCode.OK.code();
    }

    /** Results take minutes, and a slip of the hand would overwrite them. */
    private void requireNoneOfTheFiles(String option, @Nullable Path output) {
        for (Path file : files) {
            if (output != null
                    && output.toAbsolutePath()
                            .normalize()
                            .equals(file.toAbsolutePath().normalize())) {
                throw wrong(option + ": \"" + output + "\" (expected: none of the files that are read)");
            }
        }
    }

    private Report read() {
        try {
            return Report.of(files);
        } catch (BadResultException | IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
