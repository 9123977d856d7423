/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A queue that refuses an element there is no memory for, and keeps all others. {@link java.util.ArrayDeque} stores first and
 * grows then: when it cannot grow, it looks empty from then on, and forgets all that it had. This one grows first. It takes no
 * memory as long as there is room, and almost none before its first element. For what must not get lost on its way: a link's
 * held input, a loop's tasks. Not thread-safe.
 *
 * @param <E> what it holds; never null
 */
public final class LosslessQueue<E> {
    private static final int FIRST_ROOM = 4;
    private static final @Nullable Object[] NO_ROOM = new @Nullable Object[0];

    private final IntFunction<@Nullable Object[]> memory;
    private @Nullable Object[] elements = NO_ROOM;
    private int first;
    private int size;

    /** An empty queue. */
    public LosslessQueue() {
        this(Object[]::new);
    }

    /**
     * An empty queue.
     *
     * @param room for so many elements from the start
     * @throws IllegalArgumentException if that is negative
     */
    public LosslessQueue(int room) {
        this();
        Require.notNegative("room", room);
        elements = new @Nullable Object[room];
    }

    /**
     * For tests.
     *
     * @param memory makes the arrays
     */
    LosslessQueue(IntFunction<@Nullable Object[]> memory) {
        this.memory = memory;
    }

    /** Adds the last element. If this throws, for want of memory, nothing has changed. */
    public void add(E element) {
        requireNonNull(element, "element");
        ensureRoom();
        elements[index(size)] = element;
        size++;
    }

    /** Adds the first element. If this throws, for want of memory, nothing has changed; after a {@link #poll} it does not. */
    public void addFirst(E element) {
        requireNonNull(element, "element");
        ensureRoom();
        first = (first == 0 ? elements.length : first) - 1;
        elements[first] = element;
        size++;
    }

    private void ensureRoom() {
        if (size < elements.length) {
            return;
        }
        @Nullable Object[] larger = memory.apply(Math.max(FIRST_ROOM, 2 * elements.length));
        int untilWrap = elements.length - first;
        System.arraycopy(elements, first, larger, 0, untilWrap);
        System.arraycopy(elements, 0, larger, untilWrap, first);
        elements = larger;
        first = 0;
    }

    /** The first element, which stays; null if there is none. */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public @Nullable E peek() {
        return size == 0 ? null : at(0);
    }

    /** Takes the first element out; null if there is none. */
    @SuppressWarnings("exports") // as above
    public @Nullable E poll() {
        if (size == 0) {
            return null;
        }
        E element = at(0);
        elements[first] = null;
        first = index(1);
        size--;
        return element;
    }

    /** Takes out this very element, wherever it stands; false if it is not here. */
    public boolean remove(E element) {
        boolean found = false;
        for (int left = size; left > 0; left--) {
            E next = requireNonNull(poll(), "next");
            if (next == element && !found) {
                found = true;
            } else {
                add(next);
            }
        }
        return found;
    }

    /** All elements, in their order. */
    public List<E> toList() {
        List<E> all = new ArrayList<>(size);
        for (int before = 0; before < size; before++) {
            all.add(at(before));
        }
        return all;
    }

    /** Takes out all elements; the room stays. */
    public void clear() {
        while (size > 0) {
            poll();
        }
    }

    /** Whether it has no element. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** How many elements it has. */
    public int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // nothing else was added
    private E at(int before) {
        return (E) requireNonNull(elements[index(before)], "element");
    }

    /** Where the element is that has this many before it. */
    private int index(int before) {
        int index = first + before;
        return index < elements.length ? index : index - elements.length;
    }
}
