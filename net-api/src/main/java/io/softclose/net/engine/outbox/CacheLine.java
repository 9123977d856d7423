/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

/**
 * Keeps the fields of a class that extends it away from what lies before it on the heap: a cache line has 64 bytes, 12 or
 * 16 of which are the object's head. The JVM keeps a class's fields before those of the classes that extend it.
 */
@SuppressWarnings("unused")
abstract class CacheLine {
    private long a1, a2, a3, a4, a5, a6, a7;
}
