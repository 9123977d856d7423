/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 2s}, {@code 1m} or {@code 1h}, or in ISO form, {@code PT0.5S}. */
public final class Durations {
    private static final Duration MOST = Duration.ofDays(1);
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Durations() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none, or not within 0 to 24 hours; the message says what was expected
     */
    public static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        Duration duration = matcher.matches() ? ofUnit(Long.parseLong(matcher.group(1)), matcher.group(2)) : iso(text);
        if (duration.isNegative() || duration.compareTo(MOST) > 0) {
            throw unexpected(text);
        }
        return duration;
    }

    /** One as {@link #parse} reads it, whole. */
    public static String text(Duration duration) {
        if (duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
            return duration.toSeconds() + "s";
        }
        boolean millis = duration.equals(duration.truncatedTo(ChronoUnit.MILLIS));
        return millis ? duration.toMillis() + "ms" : duration.toString();
    }

    private static Duration ofUnit(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw unexpected(text);
        }
    }

    private static IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException(
                "duration: \"" + text + "\" (expected: for example 500ms, 2s, 1m, 1h or PT0.5S; 0 to 24 h)");
    }
}
