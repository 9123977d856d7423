/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.util.ArrayList;
import java.util.List;

/** Breaks words that are too long for one line of a drawing: SVG does not. */
public final class Wrap {
    /** As many letters, about, are as wide as a drawing. */
    static final int LETTERS = 48;

    private Wrap() {}

    /** One line or more, none longer than a drawing is wide; broken at spaces where there are some. */
    static List<String> lines(String words) {
        return lines(words, LETTERS);
    }

    /** The same with lines of this many letters at most. */
    public static List<String> lines(String words, int letters) {
        List<String> lines = new ArrayList<>();
        String rest = words;
        while (rest.length() > letters) {
            int space = rest.lastIndexOf(' ', letters);
            int cut = space > 0 ? space : letters;
            if (Character.isLowSurrogate(rest.charAt(cut))) {
                cut--;
            }
            lines.add(rest.substring(0, cut));
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
