/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Everybody can read the page: contrasts as WCAG 2.2 counts them. */
class StyleTest {
    private static final Pattern COLOUR = Pattern.compile("--(\\w+): #([0-9a-f]{6})");
    private static final double TEXT = 4.5;
    private static final double SHAPES = 3;

    @Test
    void textStandsOutFromThePaperInLightAndDark() {
        for (Map<String, Integer> colours : schemes()) {
            for (String ink : List.of("ink", "soft", "accent", "c5")) {
                assertContrast(TEXT, colours, ink, "paper");
            }
        }
    }

    @Test
    void barsAndLinesStandOutFromPaperAndTrack() {
        for (Map<String, Integer> colours : schemes()) {
            for (String name : colours.keySet()) {
                if (name.matches("c\\d")) {
                    assertContrast(SHAPES, colours, name, "paper");
                    assertContrast(SHAPES, colours, name, "track");
                }
            }
        }
    }

    @Test
    void contrastIsCountedAsWcagDoes() {
        assertEquals(21, contrast(0x000000, 0xffffff), 0.01);
        assertEquals(4.54, contrast(0x767676, 0xffffff), 0.01);
    }

    /** Light, then dark. */
    private static List<Map<String, Integer>> schemes() {
        List<Map<String, Integer>> schemes = new ArrayList<>();
        for (String part : Style.colours().split("@media \\(prefers-color-scheme: dark\\)", -1)) {
            Map<String, Integer> colours = new LinkedHashMap<>();
            COLOUR.matcher(part)
                    .results()
                    .forEach(colour -> colours.put(colour.group(1), Integer.parseInt(colour.group(2), 16)));
            schemes.add(colours);
        }
        assertEquals(2, schemes.size());
        assertEquals(schemes.get(0).keySet(), schemes.get(1).keySet());
        return schemes;
    }

    private static void assertContrast(double least, Map<String, Integer> colours, String one, String other) {
        double contrast = contrast(colours.getOrDefault(one, 0), colours.getOrDefault(other, 0));
        assertTrue(contrast >= least, one + " on " + other + ": " + contrast + " (expected: at least " + least + ")");
    }

    private static double contrast(int one, int other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) + 0.0722 * linear(colour);
    }

    private static double linear(int channel) {
        double value = (channel & 0xff) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
