/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import io.softclose.bench.jmh.Ratio;
import io.softclose.bench.lab.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Messages a second from one process to another over loopback, each way in turn. In every round each is measured once, so what slows
 * the machine for a while slows all of a round; ratios are of the same round.
 */
public final class Throughput {
    private static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g");
    private static final double NANOS_PER_SECOND = 1e9;
    /** Bytes of the first burst, by which the length of the next is guessed. */
    private static final int FIRST_BYTES = 4 << 20;

    private static final int MOST_PER_BURST = 100_000_000;

    private final Effort effort;
    private final Map<Subject, List<Double>> rates = new LinkedHashMap<>();

    /** What is measured. */
    private record Subject(int size, Way way) {}

    /**
     * Nothing is measured yet.
     *
     * @param ways in the order in which they are measured and shown
     * @param sizes payloads, in bytes
     */
    public Throughput(List<Way> ways, List<Integer> sizes, Effort effort) {
        this.effort = effort;
        sizes.forEach(size -> ways.forEach(way -> rates.put(new Subject(size, way), new ArrayList<>())));
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
                progress.accept("[" + ++done + "/" + effort.rounds() * rates.size() + "] " + subject.way.label() + ", "
                        + subject.size + " B");
                entry.getValue().add(measure(subject));
            }
        }
    }

    private double measure(Subject subject) {
        String way = subject.way.name();
        try (ChildProcess receiver =
                ChildProcess.start("receiver", ChildProcess.java(FLAGS, ReceivingProcess.class, way))) {
            String port = receiver.await("listening");
            List<String> sending =
                    ChildProcess.java(FLAGS, SendingProcess.class, way, port, Integer.toString(subject.size));
            try (ChildProcess sender = ChildProcess.start("sender", sending)) {
                sender.await("dialled");
                return measure(sender, receiver, Math.max(1, FIRST_BYTES / Math.max(1, subject.size)));
            }
        }
    }

    private double measure(ChildProcess sender, ChildProcess receiver, int first) {
        long warmAt = System.nanoTime() + effort.warmUp().toNanos();
        int next = first;
        do {
            next = messagesFor(burst(sender, receiver, next));
        } while (System.nanoTime() - warmAt < 0);
        List<Double> bursts = new ArrayList<>();
        for (int i = 0; i < effort.bursts(); i++) {
            double rate = burst(sender, receiver, next);
            bursts.add(rate);
            next = messagesFor(rate);
        }
        return Ratio.median(bursts);
    }

    private int messagesFor(double rate) {
        double messages = rate * effort.burst().toNanos() / NANOS_PER_SECOND;
        return (int) Math.max(1, Math.min(MOST_PER_BURST, messages));
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
        TextTable table = new TextTable(List.of("payload", "way", "msg/s", "MB/s", "to raw", "least", "most"), 2, 0);
        rates.forEach((subject, figures) -> {
            double rate = Ratio.median(figures);
            List<String> row = new ArrayList<>(List.of(
                    subject.size + " B",
                    subject.way.label(),
                    String.format(Locale.ROOT, "%,.0f", rate),
                    String.format(Locale.ROOT, "%,.0f", rate * subject.size / 1e6)));
            List<Double> raw = rates.get(new Subject(subject.size, Way.RAW));
            if (raw != null && subject.way != Way.RAW) {
                Ratio ratio = Ratio.of(figures, raw);
                row.add(ratio(ratio.median()));
                row.add(ratio(ratio.min()));
                row.add(ratio(ratio.max()));
            }
            table.add(row);
        });
        return table.render();
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
            json.writeArrayFieldStart("throughput");
            for (Map.Entry<Subject, List<Double>> entry : rates.entrySet()) {
                json.writeStartObject();
                json.writeStringField("way", entry.getKey().way.label());
                json.writeNumberField("payloadBytes", entry.getKey().size);
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
