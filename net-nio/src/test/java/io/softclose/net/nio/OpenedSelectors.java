/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.nio.loop.LoopSelector;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The selectors of loops, which the test can break. Thread-safe. */
final class OpenedSelectors implements LoopSelector.Source {
    private final List<Selector> opened = new ArrayList<>();
    private final Queue<Step> steps = new ArrayDeque<>();
    private boolean exhausted;

    /** What the test does when a selector is to be opened. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /** Has these done, one before each of the next selectors. */
    synchronized void before(Step... next) {
        steps.addAll(List.of(next));
    }

    @Override
    public synchronized Selector open() throws IOException {
        if (!steps.isEmpty()) {
            steps.remove().run();
        }
        if (exhausted) {
            throw new IOException("Too many open files (on purpose)");
        }
        opened.add(Selector.open());
        return opened.get(opened.size() - 1);
    }

    /** Breaks the selector that was opened as this one, counted from 0. */
    synchronized void breakOne(int index) throws IOException {
        opened.get(index).close();
    }

    /** Gives no more of them. */
    synchronized void exhaust() {
        exhausted = true;
    }

    synchronized Selector last() {
        return opened.get(opened.size() - 1);
    }

    synchronized int count() {
        return opened.size();
    }
}
