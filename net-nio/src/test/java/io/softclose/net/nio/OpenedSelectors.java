/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** The selectors of loops, which the test can break. Thread-safe. */
final class OpenedSelectors implements LoopSelector.Source {
    private final List<Selector> opened = new ArrayList<>();
    private boolean exhausted;

    @Override
    public synchronized Selector open() throws IOException {
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
