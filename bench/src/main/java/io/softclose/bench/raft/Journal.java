/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.statemachine.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The replicated state machine: it keeps what was committed, in order, so that whole logs can be compared. Thread-safe. */
final class Journal implements StateMachine {
    /**
     * A committed operation.
     *
     * @param index its place in Raft's log
     */
    record Entry(long index, Operation operation) {}

    /** A part of a snapshot: this machine's state is all that was committed. */
    record Chunk(List<Entry> entries) {
        static final int MOST_ENTRIES = 1_000;

        Chunk {
            entries = List.copyOf(entries);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** What has been committed, as far as this node knows. */
    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** How many leaders have committed that they were elected. */
    synchronized long leaders() {
        return entries.stream()
                .filter(entry -> entry.operation() instanceof Operation.NewTerm)
                .count();
    }

    @Override
    public synchronized Object runOperation(long commitIndex, Object operation) {
        entries.add(new Entry(commitIndex, (Operation) operation));
        return commitIndex;
    }

    @Override
    public synchronized void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
        for (int from = 0; from < entries.size(); from += Chunk.MOST_ENTRIES) {
            chunks.accept(new Chunk(entries.subList(from, Math.min(entries.size(), from + Chunk.MOST_ENTRIES))));
        }
    }

    @Override
    public synchronized void installSnapshot(long commitIndex, List<Object> chunks) {
        entries.clear();
        chunks.forEach(chunk -> entries.addAll(((Chunk) chunk).entries()));
    }

    @Override
    public Object getNewTermOperation() {
        return new Operation.NewTerm();
    }
}
