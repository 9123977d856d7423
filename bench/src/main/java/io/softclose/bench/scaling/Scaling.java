/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.TextTable;
import io.softclose.bench.jmh.Ratio;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.Commands;
import io.softclose.bench.throughput.Effort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The same load over 1, 10, 100 and 1 000 connections, from one process to another: in every round each number is measured once over each
 * transport, and compared to one connection of the same round.
 */
public final class Scaling {
    /** A number of a connection is in its messages. */
    public static final int LEAST_PAYLOAD = Ends.LEAST_BYTES;
    /** With fewer, what else a process does with its heap, half a megabyte more or less, is too much beside what they hold. */
    public static final int FEWEST_TO_WEIGH = 1000;

    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");
    private static final double NANOS_PER_SECOND = 1e9;
    /** Of the first burst over all connections, by which the length of the next is guessed. */
    private static final int FIRST_MESSAGES = 10_000;

    private final int size;
    private final Effort effort;
    private final Map<Subject, List<Found>> found = new LinkedHashMap<>();

    /** What is measured. */
    private record Subject(String transport, int connections) {}

    /** One burst. */
    private record Burst(double rate, double fairness) {}

    /**
     * What one measurement found.
     *
     * @param rate messages a second over all connections
     * @param fairness what the least served connection had of its share, when the first had all of its own; 0 to 1
     * @param dialledBytes what an end holds on the heap of the sending process, when all is over
     * @param acceptedBytes the same in the receiving process; both empty if there are too few to tell
     */
    private record Found(double rate, double fairness, OptionalLong dialledBytes, OptionalLong acceptedBytes) {}

    /**
     * Nothing is measured yet.
     *
     * @param transports names, in the order in which they are measured and shown
     * @param connections numbers of them, 1 or more each
     * @param size payload in bytes, {@link #LEAST_PAYLOAD} or more
     */
    public Scaling(List<String> transports, List<Integer> connections, int size, Effort effort) {
        this.size = size;
        this.effort = effort;
        transports.forEach(transport ->
                connections.forEach(number -> found.put(new Subject(transport, number), new ArrayList<>())));
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
            for (Map.Entry<Subject, List<Found>> entry : found.entrySet()) {
                Subject subject = entry.getKey();
                progress.accept("[" + ++done + "/" + effort.rounds() * found.size() + "] " + subject.transport
                        + ", connections: " + subject.connections);
                entry.getValue().add(measure(subject));
            }
        }
    }

    private Found measure(Subject subject) {
        try (ChildProcess receiver =
                start("receiver", ReceivingProcess.class, subject.transport, "" + subject.connections)) {
            String port = receiver.await(ReceivingProcess.LISTENING);
            try (ChildProcess sender = start("sender", SendingProcess.class, subject.transport, port, "" + size)) {
                Found measured = measure(sender, receiver, subject.connections);
                for (ChildProcess process : List.of(sender, receiver)) {
                    process.tell(Commands.END);
                    process.await(Commands.ENDED);
                }
                return measured;
            }
        }
    }

    private static ChildProcess start(String name, Class<?> main, String... arguments) {
        return ChildProcess.start(name, ChildProcess.java(HEAP, main, arguments));
    }

    private Found measure(ChildProcess sender, ChildProcess receiver, int connections) {
        // The first brings classes and pools with it, and is not weighed.
        open(sender, receiver, 1);
        burst(sender, receiver, 1, FIRST_MESSAGES);
        long dialled = live(sender);
        long accepted = live(receiver);
        open(sender, receiver, connections);
        int next = FIRST_MESSAGES;
        long warmAt = System.nanoTime() + effort.warmUp().toNanos();
        do {
            next = effort.messagesAt(burst(sender, receiver, connections, next).rate);
        } while (System.nanoTime() - warmAt < 0);
        List<Burst> bursts = new ArrayList<>();
        for (int i = 0; i < effort.bursts(); i++) {
            Burst burst = burst(sender, receiver, connections, next);
            bursts.add(burst);
            next = effort.messagesAt(burst.rate);
        }
        return new Found(
                Ratio.median(bursts.stream().map(Burst::rate).toList()),
                Ratio.median(bursts.stream().map(Burst::fairness).toList()),
                each(live(sender) - dialled, connections),
                each(live(receiver) - accepted, connections));
    }

    private static OptionalLong each(long grown, int connections) {
        return connections < FEWEST_TO_WEIGH ? OptionalLong.empty() : OptionalLong.of(grown / (connections - 1));
    }

    private static void open(ChildProcess sender, ChildProcess receiver, int connections) {
        sender.tell(SendingProcess.OPEN + " " + connections);
        sender.await(SendingProcess.OPENED);
        receiver.tell(SendingProcess.OPEN + " " + connections);
    }

    private static long live(ChildProcess process) {
        process.tell(ReceivingProcess.LIVE);
        return Long.parseLong(process.await(ReceivingProcess.LIVE));
    }

    /** From when the sender is told until the last message on the last connection has been handled. */
    private static Burst burst(ChildProcess sender, ChildProcess receiver, int connections, int messages) {
        int share = Math.max(1, messages / connections);
        receiver.tell(ReceivingProcess.EXPECT + " " + share);
        receiver.await(ReceivingProcess.READY);
        long start = System.nanoTime();
        sender.tell(SendingProcess.SEND + " " + share);
        double least = Long.parseLong(receiver.await(ReceivingProcess.HAD, Ends.PATIENCE.plusSeconds(5)));
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        return new Burst((double) share * connections / seconds, least / share);
    }

    /** What was measured, a row for each transport and number of connections. */
    public List<String> table() {
        TextTable table = new TextTable(
                List.of(
                        "transport",
                        "connections",
                        "msg/s",
                        "to one",
                        "min",
                        "max",
                        "fairness",
                        "worst",
                        "dialled end",
                        "accepted end"),
                1,
                0);
        found.forEach((subject, rounds) -> table.add(row(subject, rounds)));
        return table.render();
    }

    private List<String> row(Subject subject, List<Found> rounds) {
        List<Double> rates = figures(rounds, Found::rate);
        List<Double> fairness = figures(rounds, Found::fairness);
        List<Found> one = found.getOrDefault(new Subject(subject.transport, 1), List.of());
        List<String> row = new ArrayList<>(List.of(
                subject.transport, "" + subject.connections, String.format(Locale.ROOT, "%,.0f", Ratio.median(rates))));
        if (one.isEmpty() || subject.connections == 1) {
            row.addAll(List.of("", "", ""));
        } else {
            Ratio ratio = Ratio.of(rates, figures(one, Found::rate));
            row.addAll(List.of(hundredths(ratio.median()), hundredths(ratio.min()), hundredths(ratio.max())));
        }
        row.add(hundredths(Ratio.median(fairness)));
        row.add(hundredths(Collections.min(fairness)));
        row.add(bytes(rounds.stream().map(Found::dialledBytes).toList()));
        row.add(bytes(rounds.stream().map(Found::acceptedBytes).toList()));
        return row;
    }

    private static List<Double> figures(List<Found> rounds, ToDoubleFunction<Found> figure) {
        return rounds.stream().mapToDouble(figure).boxed().toList();
    }

    private static String bytes(List<OptionalLong> rounds) {
        List<Double> weighed = rounds.stream()
                .flatMapToLong(OptionalLong::stream)
                .asDoubleStream()
                .boxed()
                .toList();
        return weighed.isEmpty() ? "" : String.format(Locale.ROOT, "%,.0f B", Ratio.median(weighed));
    }

    private static String hundredths(double value) {
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
            json.writeNumberField("payloadBytes", size);
            json.writeArrayFieldStart("scaling");
            for (Map.Entry<Subject, List<Found>> entry : found.entrySet()) {
                for (Found one : entry.getValue()) {
                    json.writeStartObject();
                    json.writeStringField("transport", entry.getKey().transport);
                    json.writeNumberField("connections", entry.getKey().connections);
                    json.writeNumberField("messagesPerSecond", Math.round(one.rate));
                    json.writeNumberField("fairness", one.fairness);
                    if (one.dialledBytes.isPresent()) {
                        json.writeNumberField("dialledEndBytes", one.dialledBytes.getAsLong());
                    }
                    if (one.acceptedBytes.isPresent()) {
                        json.writeNumberField("acceptedEndBytes", one.acceptedBytes.getAsLong());
                    }
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        });
    }
}
