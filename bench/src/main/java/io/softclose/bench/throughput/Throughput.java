/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import io.softclose.bench.jmh.Ratio;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Messages a second from one process to another over loopback, each way in turn. In every round each is measured once, so what slows
 * the machine for a while slows all of a round; ratios are of the same round.
 */
public final class Throughput {
    /** Of each process's heap, in mebibytes, unless another is chosen. */
    public static final int HEAP_MIB = 1024;

    private static final double NANOS_PER_SECOND = 1e9;
    /** Bytes of the first burst, by which the length of the next is guessed. */
    private static final int FIRST_BYTES = 4 << 20;

    private final List<String> heap;
    private final Effort effort;
    private final Map<Subject, List<Double>> rates = new LinkedHashMap<>();

    /** What is measured. */
    private record Subject(Way way, Terms terms) {
        @Override
        public String toString() {
            return way.label() + ", " + terms.payloadBytes() + " B"
                    + (way.hasOutbox() ? ", outbox of " + terms.outboxMessages() : "");
        }

        /** The raw way with the same payload. */
        private boolean isRawOf(Subject other) {
            return way == BuiltInWay.RAW && terms.payloadBytes() == other.terms.payloadBytes();
        }
    }

    /**
     * Nothing is measured yet.
     *
     * @param ways in the order in which they are measured and shown
     * @param terms each way is measured on all of them, but on one alone for each payload if it has no outbox
     * @param heapMib how large the heap of each process is, from its start on
     */
    public Throughput(List<Way> ways, List<Terms> terms, int heapMib, Effort effort) {
        heap = List.of("-Xms" + heapMib + "m", "-Xmx" + heapMib + "m");
        this.effort = effort;
        Map<Integer, List<Terms>> bySize = terms.stream()
                .collect(Collectors.groupingBy(Terms::payloadBytes, LinkedHashMap::new, Collectors.toList()));
        bySize.forEach((size, ofSize) -> ways.forEach(way -> ofSize.stream()
                .limit(way.hasOutbox() ? ofSize.size() : 1)
                .forEach(one -> rates.put(new Subject(way, one), new ArrayList<>()))));
    }

    /** What a round measures, in order. */
    List<String> subjects() {
        return rates.keySet().stream().map(Subject::toString).toList();
    }

    /**
     * Measures everything.
     *
     * @param progress told what is measured
     * @throws IllegalStateException if messages do not arrive
     */
    public void run(Consumer<String> progress) {
        int done = 0;
        for (int round = 0; round < effort.rounds(); round++) {
            for (Map.Entry<Subject, List<Double>> entry : rates.entrySet()) {
                Subject subject = entry.getKey();
                progress.accept("[" + ++done + "/" + effort.rounds() * rates.size() + "] " + subject);
                entry.getValue().add(measure(subject));
            }
        }
    }

    private double measure(Subject subject) {
        String way = subject.way.label();
        List<String> terms = subject.terms.words();
        try (ChildProcess receiver = start("receiver", subject.way, ReceivingProcess.class, List.of(way), terms)) {
            String port = receiver.await("listening");
            try (ChildProcess sender = start("sender", subject.way, SendingProcess.class, List.of(way, port), terms)) {
                sender.await("dialled");
                double rate =
                        measure(sender, receiver, Math.max(1, FIRST_BYTES / Math.max(1, subject.terms.payloadBytes())));
                // In this order: some receivers wait for their senders' end.
                end(sender);
                end(receiver);
                return rate;
            }
        }
    }

    private ChildProcess start(String name, Way way, Class<?> main, List<String> first, List<String> terms) {
        List<String> flags = Stream.concat(heap.stream(), way.flags().stream()).toList();
        String[] arguments = Stream.concat(first.stream(), terms.stream()).toArray(String[]::new);
        return ChildProcess.start(name, ChildProcess.java(flags, main, arguments));
    }

    private static void end(ChildProcess process) {
        process.tell(Commands.END);
        process.await(Commands.ENDED);
    }

    private double measure(ChildProcess sender, ChildProcess receiver, int first) {
        long warmAt = System.nanoTime() + effort.warmUp().toNanos();
        int next = first;
        do {
            next = effort.messagesAt(burst(sender, receiver, next));
        } while (System.nanoTime() - warmAt < 0);
        List<Double> bursts = new ArrayList<>();
        for (int i = 0; i < effort.bursts(); i++) {
            double rate = burst(sender, receiver, next);
            bursts.add(rate);
            next = effort.messagesAt(rate);
        }
        return Ratio.median(bursts);
    }

    /** Messages a second: from when the sender is told until the last has been handled. */
    private static double burst(ChildProcess sender, ChildProcess receiver, int messages) {
        receiver.tell("expect " + messages);
        receiver.await("ready");
        long start = System.nanoTime();
        sender.tell("send " + messages);
        receiver.await("had", Duration.ofMinutes(1));
        return messages * NANOS_PER_SECOND / (System.nanoTime() - start);
    }

    /** What was measured, a row for each payload and way. */
    public List<String> table() {
        TextTable table =
                new TextTable(List.of("payload", "way", "outbox", "msg/s", "MB/s", "to raw", "least", "most"), 2, 0);
        rates.forEach((subject, figures) -> {
            double rate = Ratio.median(figures);
            List<String> row = new ArrayList<>(List.of(
                    subject.terms.payloadBytes() + " B",
                    subject.way.label(),
                    subject.way.hasOutbox() ? "" + subject.terms.outboxMessages() : "",
                    String.format(Locale.ROOT, "%,.0f", rate),
                    String.format(Locale.ROOT, "%,.0f", rate * subject.terms.payloadBytes() / 1e6)));
            if (subject.way != BuiltInWay.RAW) {
                raw(subject).ifPresent(raw -> {
                    Ratio ratio = Ratio.of(figures, raw);
                    row.add(ratio(ratio.median()));
                    row.add(ratio(ratio.min()));
                    row.add(ratio(ratio.max()));
                });
            }
            table.add(row);
        });
        return table.render();
    }

    private Optional<List<Double>> raw(Subject subject) {
        return rates.keySet().stream()
                .filter(other -> other.isRawOf(subject))
                .findFirst()
                .map(rates::get);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** What was measured, each round's. */
    public String json(Origin origin) {
        return Json.object(json -> {
            origin.write(json);
            json.writeNumberField("rounds", effort.rounds());
            json.writeNumberField("warmUpMillis", Json.millis(effort.warmUp()));
            json.writeNumberField("bursts", effort.bursts());
            json.writeNumberField("burstMillis", Json.millis(effort.burst()));
            json.writeStringField("heap", String.join(" ", heap));
            json.writeArrayFieldStart("throughput");
            for (Map.Entry<Subject, List<Double>> entry : rates.entrySet()) {
                json.writeStartObject();
                Subject subject = entry.getKey();
                json.writeStringField("way", subject.way.label());
                json.writeNumberField("payloadBytes", subject.terms.payloadBytes());
                json.writeBooleanField("ownPayloads", subject.terms.ownPayloads());
                if (subject.way.hasOutbox()) {
                    json.writeNumberField("outboxMessages", subject.terms.outboxMessages());
                    json.writeNumberField("outboxBytes", subject.terms.outboxBytes());
                }
                json.writeArrayFieldStart("messagesPerSecond");
                for (double rate : entry.getValue()) {
                    json.writeNumber(Math.round(rate));
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
