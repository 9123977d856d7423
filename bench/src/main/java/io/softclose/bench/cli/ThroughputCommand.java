/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.Choices;
import io.softclose.bench.cli.option.EffortOptions;
import io.softclose.bench.cli.option.JsonFile;
import io.softclose.bench.throughput.Terms;
import io.softclose.bench.throughput.Throughput;
import io.softclose.bench.throughput.Way;
import io.softclose.bench.throughput.Ways;
import io.softclose.net.Limits;
import java.io.IOException;
import java.io.PrintWriter;
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
            "A build with -Ppeers has others' libraries, too: aeron, jeromq, reactor-netty and rsocket. With them it takes"
                    + " twice as long.",
            "Progress goes to standard error, the table to standard output."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ThroughputCommand implements Callable<Integer> {
    private static final int LEAST_HEAP = 64;
    private static final int MOST_HEAP = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--way",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these of raw, queue-fed, netty-pipeline, softclose-nio and softclose-netty, and in a build"
                            + " with -Ppeers of aeron, jeromq, reactor-netty and rsocket. By default all that this build has.")
    private List<String> ways = List.of();

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "64,256,16384",
            description = "Payloads; ${DEFAULT-VALUE} by default.")
    private List<Integer> sizes;

    @Option(
            names = "--own-payloads",
            description = "Each message has an array of its own, as an application's has; by default all share one.")
    private boolean ownPayloads;

    @Option(
            names = "--outbox",
            paramLabel = "N",
            split = ",",
            defaultValue = "4096",
            description = "How many messages may wait before the next send does, for those that have such a bound; of"
                    + " several, each. ${DEFAULT-VALUE} by default.")
    private List<Integer> outboxes;

    @Option(
            names = "--outbox-bytes",
            paramLabel = "BYTES",
            description =
                    "How many bytes of payload may wait in an outbox of ours; by default what its limits say, 128 MiB.")
    private long outboxBytes = Limits.defaults().outboxBytes();

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            description = "Of each process, in mebibytes; ${DEFAULT-VALUE} by default.")
    private int heap = Throughput.HEAP_MIB;

    @Mixin
    private EffortOptions effort;

    @Mixin
    private JsonFile json;

    @Override
    public Integer call() throws IOException {
        Throughput throughput = new Throughput(chosenWays(), terms(), checkedHeap(), effort.effort());
        json.requireWritable();
        PrintWriter err = spec.commandLine().getErr();
        throughput.run(line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        throughput.table().forEach(out::println);
        out.println();
        out.println(
                "Medians over rounds; to raw: of the same round, the median, the least and the most. Outbox: messages that"
                        + " may wait, where there is such a bound.");
        out.flush();
        json.write(throughput::json);
        return ExitCode.OK.code();
    }

    private List<Way> chosenWays() {
        List<Way> all = Ways.all();
        for (String way : ways) {
            if (Ways.elsewhere(way)) {
                throw wrong("way: \"" + way + "\" is not in this build (expected: build with -Ppeers)");
            }
        }
        List<String> chosen = Choices.orAll(
                spec.commandLine(), "way", ways, all.stream().map(Way::label).toList());
        return all.stream().filter(way -> chosen.contains(way.label())).toList();
    }

    private List<Terms> terms() {
        outboxes.forEach(outbox -> terms(0, outbox));
        return checkedSizes().stream()
                .flatMap(size -> outboxes.stream().distinct().map(outbox -> terms(size, outbox)))
                .toList();
    }

    private Terms terms(int size, int outbox) {
        try {
            return new Terms(size, ownPayloads, outbox, outboxBytes);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private List<Integer> checkedSizes() {
        long most = Math.min(Limits.defaults().maxPayloadSize(), outboxBytes);
        for (int size : sizes) {
            if (size < 0 || size > most) {
                throw wrong("size: " + size + " (expected: 0 to " + most + ")");
            }
        }
        return sizes.stream().distinct().toList();
    }

    private int checkedHeap() {
        if (heap < LEAST_HEAP || heap > MOST_HEAP) {
            throw wrong("heap: " + heap + " (expected: " + LEAST_HEAP + " to " + MOST_HEAP + " MiB)");
        }
        return heap;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
