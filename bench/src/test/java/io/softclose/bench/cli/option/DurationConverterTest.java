/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @Test
    void shortFormsAndIsoFormsAreUnderstood() {
        assertEquals(Duration.ofMillis(500), converter.convert("500ms"));
        assertEquals(Duration.ofSeconds(2), converter.convert("2s"));
        assertEquals(Duration.ofMinutes(1), converter.convert("1m"));
        assertEquals(Duration.ofHours(1), converter.convert("1h"));
        assertEquals(Duration.ofMillis(250), converter.convert("PT0.25S"));
        assertEquals(Duration.ZERO, converter.convert("0s"));
        assertEquals(Duration.ofDays(1), converter.convert("PT24H"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "-5ms", "25h", "1d", "1.5s", "PT-1S", "PT24H0.001S", "soon"})
    void anythingElseIsRefusedWithWhatWasExpected(String text) {
        TypeConversionException refusal = assertThrows(TypeConversionException.class, () -> converter.convert(text));
        assertEquals(
                "duration: \"" + text + "\" (expected: for example 500ms, 2s, 1m, 1h or PT0.5S; 0 to 24 h)",
                refusal.getMessage());
    }
}
