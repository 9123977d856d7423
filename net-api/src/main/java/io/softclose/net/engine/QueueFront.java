/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from a queue and waits again: the front of the queue, older than what is in it. It grows before it
 * stores, so that nothing gets lost if there is no memory; returning the element that was taken last needs none. Loop
 * only.
 */
final class QueueFront {
    /** The oldest is last. */
    private final ArrayList<Object> newestFirst = new ArrayList<>(1);

    boolean isEmpty() {
        return newestFirst.isEmpty();
    }

    /** Removes the oldest element, or answers null. */
    @Nullable
    Object poll() {
        int last = newestFirst.size() - 1;
        return last < 0 ? null : newestFirst.remove(last);
    }

    /** Puts an element before all others. */
    void push(Object element) {
        newestFirst.add(element);
    }

    /** Makes room, so that this many can be {@linkplain #push pushed} without memory. */
    void ensureRoom(int elements) {
        newestFirst.ensureCapacity(newestFirst.size() + elements);
    }
}
