/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as {@link Durations} does. */
public final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException unexpected) {
            throw new TypeConversionException(unexpected.getMessage());
        }
    }
}
