/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Checks of settings and arguments, for authors of plugins. Each answers the value that it was given, or throws an {@link
 * IllegalArgumentException} that says what was wrong and what was expected: {@code stallTimeout: PT0S (expected: > 0)}.
 */
public final class Require {
    private Require() {}

    /** A time that is longer than zero. */
    public static Duration positive(String name, Duration value) {
        return check(name, value, !requireNonNull(value, name).isNegative() && !value.isZero(), "> 0");
    }

    /** A number that is greater than zero. */
    public static long positive(String name, long value) {
        return check(name, value, value > 0, "> 0");
    }

    /** A time that may be zero, but not less. */
    public static Duration notNegative(String name, Duration value) {
        return check(name, value, !requireNonNull(value, name).isNegative(), ">= 0");
    }

    /** A number that may be zero, but not less. */
    public static long notNegative(String name, long value) {
        return check(name, value, value >= 0, ">= 0");
    }

    /** A number from the least to the most, both included. */
    public static long within(String name, long value, long least, long most) {
        return check(name, value, least <= value && value <= most, least + " to " + most);
    }

    private static <T> T check(String name, T value, boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
        return value;
    }
}
