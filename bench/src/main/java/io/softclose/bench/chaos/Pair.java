/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.chaos.judge.Judge;
import io.softclose.bench.chaos.judge.ProcessRecord;
import io.softclose.bench.chaos.judge.Tally;
import io.softclose.bench.chaos.peer.ChaosNode;
import io.softclose.bench.chaos.peer.Chronicle;
import io.softclose.bench.chaos.plan.CellPlan;
import io.softclose.bench.chaos.plan.End;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The two processes, which live through any number of rounds unless they are killed. Confined to one thread. */
final class Pair implements AutoCloseable {
    private final Path directory;
    private final String transports;
    private final Tally tally;
    private final Map<End, Node> nodes = new EnumMap<>(End.class);

    /** A process, and the file of its chronicle. */
    record Node(ChildProcess process, Path chronicle) {}

    /**
     * What a round showed.
     *
     * @param faults what must not be, in words; empty if everything is in order
     */
    record Verdict(int round, List<String> faults) {}

    /**
     * A pair that starts its processes when it needs them.
     *
     * @param directory for what the processes write down
     * @param transports their names, as the processes are told
     * @param tally counts what is seen
     */
    Pair(Path directory, String transports, Tally tally) {
        this.directory = directory;
        this.transports = transports;
        this.tally = tally;
    }

    /** Plays a round, and judges it. */
    Verdict play(RoundPlan plan) {
        for (End end : End.values()) {
            nodes.computeIfAbsent(end, this::start);
        }
        Round round = new Round(plan, nodes, transports);
        List<String> faults = new ArrayList<>(round.play());
        Map<End, ProcessRecord> records = new EnumMap<>(End.class);
        Map<End, List<Journal.Entry>> entries = new EnumMap<>(End.class);
        nodes.forEach((end, node) -> entries.put(end, Journal.read(node.chronicle())));
        entries.forEach((end, written) -> records.put(
                end, ProcessRecord.of(plan, end, written, round.killed().contains(end))));
        records.values().forEach(record -> faults.addAll(record.late()));
        for (CellPlan cell : plan.cells()) {
            Judge judge = new Judge(cell, of(records, End.ALICE), of(records, End.BOB), tally);
            faults.addAll(judge.faults());
        }
        if (!faults.isEmpty()) {
            keep(plan, faults, entries);
        }
        tally.round(plan, round.stops(), round.killed().size());
        round.killed().forEach(this::discard);
        return new Verdict(plan.round(), faults);
    }

    private static <T> T of(Map<End, T> both, End end) {
        return requireNonNull(both.get(end), end.label());
    }

    private Node start(End end) {
        try {
            Path chronicle = Files.createTempFile(directory, end.label(), ".chronicle");
            Files.delete(chronicle);
            return new Node(
                    ChildProcess.start(
                            end.label(), ChildProcess.java(ChaosNode.class, end.name(), chronicle.toString(), "0")),
                    chronicle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes down what shows a fault. */
    private void keep(RoundPlan plan, List<String> faults, Map<End, List<Journal.Entry>> entries) {
        List<String> lines = new ArrayList<>(faults);
        plan.cells().forEach(cell -> lines.add(cell.toString()));
        plan.disturbances().forEach(disturbance -> lines.add(disturbance.toString()));
        nodes.forEach((end, node) -> {
            lines.add("== " + end.label() + " printed");
            lines.addAll(node.process().output());
        });
        entries.forEach((end, written) -> {
            lines.add("== " + end.label() + " wrote down");
            written.forEach(entry -> lines.add(
                    entry.kind() + " " + Chronicle.cell(entry) + " " + entry.detail() + " " + Chronicle.value(entry)));
        });
        try {
            Files.write(directory.resolve("round-" + plan.round() + ".txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void discard(End end) {
        Node node = nodes.remove(end);
        if (node != null) {
            node.process().close();
            try {
                Files.deleteIfExists(node.chronicle());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        for (End end : End.values()) {
            discard(end);
        }
    }
}
