/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * A number that some threads write all the time, with a cache line to itself: beside it, what others read or write for
 * every message would have to be fetched from the writers' core each time. Thread-safe.
 */
final class ContendedLong extends ContendedLongValue {
    private static final AtomicLongFieldUpdater<ContendedLongValue> VALUE =
            AtomicLongFieldUpdater.newUpdater(ContendedLongValue.class, "value");

    @SuppressWarnings("unused") // the distance to what lies behind it on the heap
    private long b1, b2, b3, b4, b5, b6, b7;

    long get() {
        return value;
    }

    void set(long update) {
        value = update;
    }

    boolean compareAndSet(long expected, long update) {
        return VALUE.compareAndSet(this, expected, update);
    }
}

/** The number. */
abstract class ContendedLongValue extends CacheLine {
    volatile long value;
}
