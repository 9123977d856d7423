/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

/** Checks that numbers held in wider signed types fit the wire's unsigned ones. */
final class Unsigned {
    static final int MAX_U8 = 0xff;
    static final int MAX_U16 = 0xffff;
    static final long MAX_U32 = 0xffff_ffffL;

    private Unsigned() {}

    static void requireU8(String name, int value) {
        requireWithin(name, value, MAX_U8);
    }

    static void requireU32(String name, long value) {
        requireWithin(name, value, MAX_U32);
    }

    private static void requireWithin(String name, long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + most + ")");
        }
    }
}
