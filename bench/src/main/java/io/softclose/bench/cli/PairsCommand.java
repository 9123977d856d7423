/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.report.Pairs;
import io.softclose.bench.report.data.BadResultException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What several results of the test network say together. */
@Command(
        name = "pairs",
        description = {
            "Puts together what testnet --json has written with several seeds: of each figure the median, the least and the"
                    + " most, and how it compares to the first run of the same seed.",
            "The files have the same settings and runs, and each a seed of its own."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PairsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "2..*", description = "Results of testnet.")
    private List<Path> files;

    @Override
    public Integer call() {
        Pairs pairs = read();
        PrintWriter out = spec.commandLine().getOut();
        out.println(files.size() + " seeds: the median of each figure, with the least and the most");
        out.println();
        pairs.chains().forEach(out::println);
        out.println();
        pairs.votes().forEach(out::println);
        out.println();
        out.println(
                "Times as much as " + pairs.first() + " with the same seed: the median, with the least and the most");
        out.println();
        pairs.toTheFirst().forEach(out::println);
        out.flush();
        return ExitCode.OK.code();
    }

    private Pairs read() {
        try {
            return Pairs.of(files);
        } catch (BadResultException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
