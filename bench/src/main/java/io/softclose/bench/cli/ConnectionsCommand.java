/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.Json;
import io.softclose.bench.TextTable;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.shutdown.ConnectionsExperiment;
import io.softclose.bench.shutdown.ConnectionsExperiment.Found;
import io.softclose.net.Providers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Opens very many connections to another process, and closes all of them at once. */
@Command(
        name = "connections",
        description = {
            "Opens connections to a process of its own on this machine, measures what each end holds on the heap while"
                    + " nothing happens, and shuts the network down with a message on each of them.",
            "Needs a file for each connection in each process (ulimit -n), and 200 more. To one address there are 20 000 at"
                    + " most; more go to 127.0.0.2 and so on, which Linux has.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConnectionsCommand implements Callable<Integer> {
    private static final int LEAST = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "${DEFAULT-VALUE} by default.")
    private int connections;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these transports; by default all that are found.")
    private List<String> transports = List.of();

    @Option(
            names = "--budget",
            paramLabel = "DURATION",
            defaultValue = "8s",
            converter = DurationConverter.class,
            description = "For the shutdown; ${DEFAULT-VALUE} by default.")
    private Duration budget;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes a line for each transport to this file, too.")
    private @Nullable Path jsonFile;

    @Override
    public Integer call() throws IOException {
        int most = ConnectionsExperiment.most();
        if (connections < LEAST || connections > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "connections: " + connections + " (expected: " + LEAST + " to " + most
                            + ", by the limit of open files; ulimit -n raises it)");
        }
        List<String> chosen = Choices.orAll(spec.commandLine(), "transport", transports, Providers.transportNames());
        TextTable table = new TextTable(
                List.of(
                        "transport",
                        "connections",
                        "opened in",
                        "dialled end",
                        "accepted end",
                        "closed in",
                        "reports",
                        "passed"),
                1,
                1);
        List<String> lines = new ArrayList<>();
        boolean passed = true;
        for (String transport : chosen) {
            progress(transport + ": " + connections + " connections");
            Found found = ConnectionsExperiment.measure(transport, connections, budget);
            passed &= found.passed(budget);
            table.add(row(transport, found));
            lines.add(json(transport, found));
        }
        PrintWriter out = spec.commandLine().getOut();
        table.render().forEach(out::println);
        out.println();
        out.println("Ends: bytes on the heap, per connection. Passed: closed within " + seconds(budget)
                + ", every report balances, and every message that was written has arrived.");
        out.flush();
        if (jsonFile != null) {
            Files.write(jsonFile, lines);
        }
        return (passed ? ExitCode.OK : ExitCode.FELL_SHORT).code();
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private List<String> row(String transport, Found found) {
        return List.of(
                transport,
                "" + found.connections(),
                seconds(found.opening()),
                "" + found.dialledBytes(),
                "" + found.acceptedBytes(),
                seconds(found.closing()),
                "" + found.reports(),
                found.passed(budget) ? "yes" : "no");
    }

    private String json(String transport, Found found) {
        return Json.object(json -> {
            json.writeStringField("transport", transport);
            json.writeNumberField("connections", found.connections());
            json.writeNumberField("openingMillis", Json.millis(found.opening()));
            json.writeNumberField("dialledEndBytes", found.dialledBytes());
            json.writeNumberField("acceptedEndBytes", found.acceptedBytes());
            json.writeNumberField("closingMillis", Json.millis(found.closing()));
            json.writeNumberField("budgetMillis", Json.millis(budget));
            json.writeNumberField("reports", found.reports());
            json.writeNumberField("unbalanced", found.unbalanced());
            json.writeNumberField("written", found.written());
            json.writeNumberField("handled", found.handled());
            json.writeBooleanField("passed", found.passed(budget));
        });
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1_000.0);
    }
}
