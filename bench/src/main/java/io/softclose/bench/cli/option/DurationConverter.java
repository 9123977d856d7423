/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as people write it, {@code 500ms}, {@code 2s}, {@code 1m} or {@code 1h}, or in ISO form, {@code PT0.5S}. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Duration MOST = Duration.ofDays(1);
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher matcher = SHORT.matcher(text);
        Duration duration = matcher.matches() ? ofUnit(Long.parseLong(matcher.group(1)), matcher.group(2)) : iso(text);
        if (duration.isNegative() || duration.compareTo(MOST) > 0) {
            throw unexpected(text);
        }
        return duration;
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

    private static TypeConversionException unexpected(String text) {
        return new TypeConversionException(
                "duration: \"" + text + "\" (expected: for example 500ms, 2s, 1m, 1h or PT0.5S; 0 to 24 h)");
    }
}
