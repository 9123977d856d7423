/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.TextTable;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.urgent.UrgentExperiment;
import io.softclose.bench.urgent.UrgentLoad;
import io.softclose.bench.urgent.UrgentSettings;
import io.softclose.bench.urgent.VoteTimes;
import io.softclose.net.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how long a vote takes beside bulk on a slow path. */
@Command(
        name = "urgent",
        description = {
            "Sends votes of 200 bytes beside bulk without end over one connection under consensus-priority, on paths of every"
                    + " rate and latency, and takes the time from the send of each to its handler: without any bound on what"
                    + " a vote cannot overtake, with short frames, and with the defaults, which bound what is unsent in the"
                    + " system as well. About fifteen minutes.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UrgentCommand implements Callable<Integer> {
    private static final double BYTES_PER_MEGABIT = 1e6 / 8;
    /** The router's buffer, as long as a relay may oversleep, so that the path is never idle for it. */
    private static final double ROUTER_SECONDS = 0.003;

    private static final int LEAST_ROUTER_BYTES = 4 * 1024;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of ${COMPLETION-CANDIDATES}; by default all that are available.")
    private List<AnyTransport> transports = List.of();

    @Option(
            names = "--rate",
            paramLabel = "MBIT/S",
            split = ",",
            defaultValue = "10,100",
            description = "How fast the paths are, 0.1 to 10000; ${DEFAULT-VALUE} by default.")
    private List<Double> rates;

    @Option(
            names = "--latency",
            paramLabel = "DURATION",
            split = ",",
            defaultValue = "1ms,50ms",
            converter = DurationConverter.class,
            description = "How long they are, one way; ${DEFAULT-VALUE} by default.")
    private List<Duration> latencies;

    @Option(
            names = "--settings",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of ${COMPLETION-CANDIDATES}; by default all.")
    private List<UrgentSettings> settings = List.of();

    @Option(
            names = "--bulk",
            paramLabel = "BYTES",
            defaultValue = "4194240",
            description = "The payload of each message of bulk, of which four wait at any time; ${DEFAULT-VALUE} by"
                    + " default, the most that fits a frame.")
    private int bulk;

    @Option(
            names = "--votes",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many for each row, one every 50 ms; ${DEFAULT-VALUE} by default.")
    private int votes;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "8s",
            converter = DurationConverter.class,
            description = "How long there is only bulk before, in which links find the size of their send buffer;"
                    + " ${DEFAULT-VALUE} by default.")
    private Duration warmUp;

    @Override
    public Integer call() throws IOException {
        UrgentLoad load = load();
        TextTable table = new TextTable(
                List.of(
                        "Mbit/s",
                        "latency",
                        "transport",
                        "settings",
                        "votes",
                        "p50 ms",
                        "p99 ms",
                        "longest",
                        "p99 in frames",
                        "bulk Mbit/s"),
                4,
                0);
        for (double rate : rates) {
            for (Duration latency : latencies) {
                WanConditions path = path(rate, latency);
                for (AnyTransport transport : available()) {
                    for (UrgentSettings each : chosenSettings()) {
                        VoteTimes times = UrgentExperiment.measure(transport, path, each, load);
                        List<String> row = row(rate, latency, transport, each, times);
                        progress(String.join(", ", row));
                        table.add(row);
                    }
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        table.render().forEach(out::println);
        out.println();
        out.println("p99 in frames: without the latency, in the time that a frame with "
                + Limits.defaults().fragmentSize() + " bytes of payload is on the wire.");
        out.flush();
        return ExitCode.OK.code();
    }

    private static List<String> row(
            double rate, Duration latency, AnyTransport transport, UrgentSettings settings, VoteTimes times) {
        double frameSeconds = Limits.defaults().fragmentSize() / (rate * BYTES_PER_MEGABIT);
        Duration waited = times.percentile(99).minus(latency);
        return List.of(
                rate == Math.rint(rate) ? String.valueOf(Math.round(rate)) : String.valueOf(rate),
                latency.toMillis() + " ms",
                name(transport),
                name(settings),
                times.times().size() == times.votes()
                        ? String.valueOf(times.votes())
                        : times.times().size() + " of " + times.votes(),
                millis(times.percentile(50)),
                millis(times.percentile(99)),
                millis(times.percentile(100)),
                String.format(Locale.ROOT, "%.1f", waited.toNanos() / 1e9 / frameSeconds),
                String.format(Locale.ROOT, "%.1f", times.bulkBytesPerSecond() / BYTES_PER_MEGABIT));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
    }

    private WanConditions path(double rate, Duration latency) {
        if (!(rate >= 0.1 && rate <= 10_000)) {
            throw wrong("rate: " + rate + " (expected: 0.1 to 10000)");
        }
        long bytesPerSecond = Math.round(rate * BYTES_PER_MEGABIT);
        int router = Math.max(LEAST_ROUTER_BYTES, (int) Math.round(bytesPerSecond * ROUTER_SECONDS));
        return new WanConditions(latency, Duration.ZERO, bytesPerSecond, router);
    }

    private UrgentLoad load() {
        try {
            return new UrgentLoad(warmUp, votes, Duration.ofMillis(50), bulk);
        } catch (IllegalArgumentException outOfBounds) {
            throw wrong(String.valueOf(outOfBounds.getMessage()));
        }
    }

    private List<UrgentSettings> chosenSettings() {
        return settings.isEmpty() ? List.of(UrgentSettings.values()) : settings;
    }

    private List<AnyTransport> available() {
        List<AnyTransport> wanted = transports.isEmpty() ? List.of(AnyTransport.values()) : transports;
        List<AnyTransport> available =
                wanted.stream().filter(AnyTransport::available).toList();
        if (available.isEmpty()) {
            throw wrong("transport: " + wanted + " (expected: one that is available here)");
        }
        return available;
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
