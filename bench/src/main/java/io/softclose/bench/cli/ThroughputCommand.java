/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.DurationConverter;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.throughput.Effort;
import io.softclose.bench.throughput.Throughput;
import io.softclose.bench.throughput.Way;
import io.softclose.net.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures messages a second from one process to another. */
@Command(
        name = "throughput",
        description = {
            "Messages a second from one process to another over loopback: by a connection over NIO and over Netty, by a"
                    + " thread that copies frames into a buffer and writes it when it is full (raw, to which the others"
                    + " are compared), by a writer that is fed by a queue, and by a Netty pipeline whose flushes are"
                    + " joined. About three minutes; the machine should have nothing else to do.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ThroughputCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 100;
    private static final int BURSTS = 3;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--way",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of raw, queue-fed, netty-pipeline, softclose-nio and softclose-netty.")
    private List<String> ways = List.of();

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "64,256,16384",
            description = "Payloads; ${DEFAULT-VALUE} by default.")
    private List<Integer> sizes;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "In each, everything is measured once, in turn; ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long each runs before it is measured; ${DEFAULT-VALUE} by default.")
    private Duration warmUp;

    @Option(
            names = "--burst",
            paramLabel = "DURATION",
            defaultValue = "500ms",
            converter = DurationConverter.class,
            description = "About how long each of three bursts takes, of which the median counts; ${DEFAULT-VALUE} by"
                    + " default.")
    private Duration burst;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException {
        List<String> chosen = Choices.orAll(spec.commandLine(), "way", ways, Way.labels());
        Throughput throughput = new Throughput(
                Arrays.stream(Way.values())
                        .filter(way -> chosen.contains(way.label()))
                        .toList(),
                checkedSizes(),
                effort());
        json.requireWritable();
        PrintWriter err = spec.commandLine().getErr();
        throughput.run(line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        throughput.table().forEach(out::println);
        out.println();
        out.println("Medians over rounds; to raw: of the same round, the median, the least and the most.");
        out.flush();
        json.write(throughput::json);
        return ExitCode.OK.code();
    }

    private List<Integer> checkedSizes() {
        int most = Limits.defaults().maxPayloadSize();
        for (int size : sizes) {
            if (size < 0 || size > most) {
                throw wrong("size: " + size + " (expected: 0 to " + most + ")");
            }
        }
        return sizes.stream().distinct().toList();
    }

    private Effort effort() {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw wrong("rounds: " + rounds + " (expected: 1 to " + MOST_ROUNDS + ")");
        }
        try {
            return new Effort(rounds, warmUp, BURSTS, burst);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
