/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/**
 * Lines on their way to an output that may be slow, full or broken. A thread of its own writes them, so whoever prints
 * never waits for the output. What finds no room is counted, and the number is printed when there is room again.
 * Thread-safe.
 */
final class LinePrinter {
    /** How much of the room a line may use. */
    enum Share {
        /** For lines that come in floods. */
        HALF,
        /** For what must be read even then. */
        ALL
    }

    /** Characters that may wait before a line is not taken any more. */
    static final int ROOM = 1 << 23;

    private final PrintWriter out;
    private final int room;
    private final LongFunction<String> lossNotice;
    private final Thread writer;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();

    // Guarded by this, which is never held while writing.
    private final Queue<String> waiting = new ArrayDeque<>();
    private long waitingCharacters;
    private long lost;
    private boolean begun;
    private boolean closed;

    /**
     * A printer that takes lines, and writes none before {@link #begin}.
     *
     * @param name of its thread
     * @param room how many characters may wait before a line is not taken any more
     * @param lossNotice the line that tells how many lines were not taken
     */
    LinePrinter(String name, PrintWriter out, int room, LongFunction<String> lossNotice) {
        this.out = out;
        this.room = room;
        this.lossNotice = lossNotice;
        writer = new Thread(this::writeAll, name);
        writer.setDaemon(true);
        writer.start();
    }

    /** Begins to write. */
    synchronized void begin() {
        begun = true;
        notifyAll();
    }

    /** Prints this line before all that wait, and begins to write. */
    synchronized void beginWith(String line) {
        Queue<String> later = new ArrayDeque<>(waiting);
        waiting.clear();
        waiting.add(line);
        waiting.addAll(later);
        waitingCharacters += line.length();
        begin();
    }

    /** Prints a line when its turn comes. One that finds no room is only counted. */
    synchronized void print(String line, Share share) {
        long most = share == Share.ALL ? room : room / 2;
        if (closed || waitingCharacters >= most) {
            lost++;
            return;
        }
        addLossNotice();
        add(line);
    }

    /** Completes, on the thread that writes, when the output takes nothing any more, because its reader is gone. */
    CompletionStage<Void> broken() {
        return broken;
    }

    /**
     * Takes no more lines, and waits until all are written.
     *
     * @param patience the most to wait: an output that is full may never take them
     * @return whether all were written
     */
    boolean close(Duration patience) throws InterruptedException {
        synchronized (this) {
            if (!closed) {
                addLossNotice();
            }
            closed = true;
            begin();
        }
        writer.join(Math.max(1, patience.toMillis()));
        return !writer.isAlive() && !broken.isDone();
    }

    private void addLossNotice() {
        if (lost > 0) {
            add(lossNotice.apply(lost));
            lost = 0;
        }
    }

    private void add(String line) {
        waiting.add(line);
        waitingCharacters += line.length();
        notifyAll();
    }

    private void writeAll() {
        try {
            for (Optional<String> line = next(); line.isPresent(); line = next()) {
                write(line.get());
                if (nothingWaits() && out.checkError()) {
                    giveUp();
                    return;
                }
            }
        } catch (InterruptedException nobodyDoes) {
            giveUp();
        }
    }

    /** Waits for a line; empty when there will be none any more. */
    private synchronized Optional<String> next() throws InterruptedException {
        while (!begun || (waiting.isEmpty() && !closed)) {
            wait();
        }
        Optional<String> line = Optional.ofNullable(waiting.poll());
        waitingCharacters -= line.map(String::length).orElse(0);
        return line;
    }

    /** Writes a line. What an output throws, or no memory, costs that line, not the others. */
    @SuppressWarnings("CatchingUnchecked")
    private void write(String line) {
        try {
            out.println(line);
        } catch (RuntimeException | Error failure) {
            countLost();
        }
    }

    private synchronized void countLost() {
        lost++;
    }

    private synchronized boolean nothingWaits() {
        return waiting.isEmpty();
    }

    private void giveUp() {
        synchronized (this) {
            waiting.clear();
            waitingCharacters = 0;
            closed = true;
        }
        broken.complete(null);
    }
}
