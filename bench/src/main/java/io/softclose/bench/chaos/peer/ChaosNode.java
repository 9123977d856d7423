/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.peer;

import io.softclose.bench.chaos.plan.CellPlan;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Journal.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A node in a process of its own, for many rounds: does what the lines of its standard input say, prints what has happened,
 * and writes everything else into its chronicle. Dies with its standard input.
 */
public final class ChaosNode {
    /** Stands for a connection that this end does not listen for. */
    private static final String NONE = "-";
    /** The process should do something this often. */
    private static final long PULSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Lateness that is not worth writing down. */
    private static final long USUAL_LATENESS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final End self;
    private final Chronicle chronicle;
    private final Transports transports = new Transports();
    private final Workers workers = new Workers();
    private RoundPlan plan = new RoundPlan(0, 0, List.of(), List.of());
    private List<ChaosEnd> ends = List.of();

    private ChaosNode(End self, Chronicle chronicle) {
        this.self = self;
        this.chronicle = chronicle;
    }

    /** Runs until the standard input ends: which end it is, its chronicle's file, where times count from. */
    public static void main(String[] args) throws IOException {
        ChaosNode node =
                new ChaosNode(End.valueOf(args[0]), Chronicle.create(Path.of(args[1]), Long.parseLong(args[2])));
        node.workers.now(node::writeDelays);
        print("ready");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                node.obey(line.split(" "));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private void obey(String[] words) throws IOException {
        switch (words[0]) {
            case "round" -> {
                List<AnyTransport> all = Arrays.stream(words[3].split(","))
                        .map(AnyTransport::valueOf)
                        .toList();
                begin(RoundPlan.of(Long.parseLong(words[1]), Integer.parseInt(words[2]), all));
            }
            case "dial" -> dial(List.of(words).subList(1, words.length));
            case "finish" -> allOf("done", ends, ChaosEnd::finish);
            default -> throw new IllegalArgumentException("unknown command: " + words[0]);
        }
    }

    private void begin(RoundPlan next) throws IOException {
        plan = next;
        chronicle.clear();
        ends = plan.cells().stream()
                .map(cell -> new ChaosEnd(cell, self, transports, workers, chronicle))
                .toList();
        StringBuilder addresses = new StringBuilder();
        for (CellPlan cell : plan.cells()) {
            boolean listens = cell.dialler() != self;
            addresses
                    .append(' ')
                    .append(listens ? ends.get(cell.index()).listen().getPort() : NONE);
        }
        print("listening" + addresses);
    }

    private void dial(List<String> ports) {
        List<ChaosEnd> dialling = IntStream.range(0, ports.size())
                .filter(index -> !ports.get(index).equals(NONE))
                .mapToObj(ends::get)
                .collect(Collectors.toList());
        for (int index = 0; index < ports.size(); index++) {
            if (!ports.get(index).equals(NONE)) {
                ends.get(index)
                        .dial(new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(ports.get(index))));
            }
        }
        allOf("closed", dialling, ChaosEnd::closed);
    }

    /** Prints this word when all of these have come so far. */
    private static void allOf(String word, List<ChaosEnd> ends, Function<ChaosEnd, CompletionStage<Void>> stageOf) {
        CompletableFuture<Void> unused = CompletableFuture.allOf(ends.stream()
                        .map(stageOf)
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .thenRun(() -> print(word));
    }

    /** Tells the judge for how long the machine, or a signal, kept this process from doing anything. */
    private void writeDelays() {
        while (true) {
            long before = System.nanoTime();
            LockSupport.parkNanos(PULSE_NANOS);
            long late = System.nanoTime() - before - PULSE_NANOS;
            if (late > USUAL_LATENESS_NANOS) {
                chronicle.add(Kind.DELAY, 0, TimeUnit.NANOSECONDS.toMicros(late));
            }
        }
    }

    /** Prints a line for the other side of the pipe, or for whoever looks what happened. */
    public static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
