/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.base;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue that refuses an element there is no memory for, and keeps all others. {@link java.util.ArrayDeque} adds first
 * and grows then: when it cannot grow, it looks empty from then on. This one grows first. Takes no memory as long as there
 * is room, and none at all before its first element. Confined to one thread.
 */
public final class LosslessQueue<E> {
    private static final int FIRST_ROOM = 4;

    private final IntFunction<@Nullable Object[]> memory;
    private @Nullable Object[] elements;
    private int first;
    private int size;

    /**
     * An empty queue.
     *
     * @param room for so many elements from the start
     */
    public LosslessQueue(int room) {
        this(room, Object[]::new);
    }

    /**
     * For tests.
     *
     * @param memory makes the arrays
     */
    public LosslessQueue(int room, IntFunction<@Nullable Object[]> memory) {
        this.memory = memory;
        elements = memory.apply(room);
    }

    /** Adds the last element. If this throws, nothing has changed. */
    public void add(E element) {
        requireNonNull(element, "element");
        if (size == elements.length) {
            grow();
        }
        elements[index(size)] = element;
        size++;
    }

    private void grow() {
        @Nullable Object[] larger = memory.apply(Math.max(FIRST_ROOM, 2 * elements.length));
        int untilWrap = elements.length - first;
        System.arraycopy(elements, first, larger, 0, untilWrap);
        System.arraycopy(elements, 0, larger, untilWrap, first);
        elements = larger;
        first = 0;
    }

    /** The first element, which stays. */
    public E element() {
        if (size == 0) {
            throw new NoSuchElementException();
        }
        @SuppressWarnings("unchecked") // nothing else was added
        E element = (E) requireNonNull(elements[first], "element");
        return element;
    }

    /** Takes the first element out. */
    public E remove() {
        E element = element();
        elements[first] = null;
        first = index(1);
        size--;
        return element;
    }

    /** All elements, in any order. */
    public Stream<E> stream() {
        @SuppressWarnings("unchecked") // nothing else was added
        Stream<E> all = (Stream<E>) Arrays.stream(elements).filter(Objects::nonNull);
        return all;
    }

    public void clear() {
        while (size > 0) {
            remove();
        }
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** Where the element is that has this many before it. */
    private int index(int before) {
        int index = first + before;
        return index < elements.length ? index : index - elements.length;
    }
}
