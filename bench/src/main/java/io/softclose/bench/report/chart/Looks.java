/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.util.Arrays;
import java.util.List;

/**
 * How things are told apart in drawings: by colour, and always by a pattern, a dash or a mark besides. A look is a number from 0;
 * there are {@value #COUNT}. The style sheet has the colours, {@code .c0} and so on.
 */
public final class Looks {
    /** How many there are. What has a higher number looks as one of them. */
    public static final int COUNT = 7;

    private static final List<String> DASHES = List.of("", "7 3", "2 3", "10 3 2 3", "4 4", "12 3", "1 4");

    /** Lines of each pattern, within eight by eight; the first is plain. */
    private static final List<String> PATTERNS = List.of(
            "",
            "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
            "M0,2 h8 M0,6 h8",
            "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
            "M2,0 v8 M6,0 v8",
            "M0,0 l8,8 M0,8 l8,-8",
            "M2,2 h2 v2 h-2 z M6,6 h2 v2 h-2 z");

    private Looks() {}

    /** The patterns, which every image that is not part of a page needs, and a page once. */
    public static void definitions(Markup markup) {
        markup.begin("defs");
        for (int look = 1; look < COUNT; look++) {
            markup.begin("pattern", "id", "p" + look, "width", "8", "height", "8", "patternUnits", "userSpaceOnUse")
                    .empty("path", "d", PATTERNS.get(look), "class", "hatch")
                    .end();
        }
        markup.end();
    }

    /** A box in a look. */
    static void box(Markup markup, int look, double x, double y, double width, double height) {
        String[] place = {
            "x", Numbers.at(x), "y", Numbers.at(y), "width", Numbers.at(width), "height", Numbers.at(height)
        };
        markup.empty("rect", with(place, "class", "fill c" + look % COUNT));
        if (look % COUNT > 0) {
            markup.empty("rect", with(place, "fill", "url(#p" + look % COUNT + ")"));
        }
    }

    /** A line in a look, along a path. */
    static void line(Markup markup, int look, String path) {
        markup.empty("path", "d", path, "class", "line c" + look % COUNT, "stroke-dasharray", DASHES.get(look % COUNT));
    }

    /** The mark of a look. */
    static void mark(Markup markup, int look, double x, double y) {
        String shape = switch (look % COUNT) {
            case 0 -> "m-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0 z";
            case 1 -> "m-3,-3 h6 v6 h-6 z";
            case 2 -> "m0,-4 l4,7 h-8 z";
            case 3 -> "m0,-4 l4,4 l-4,4 l-4,-4 z";
            case 4 -> "m-4,-1 h3 v-3 h2 v3 h3 v2 h-3 v3 h-2 v-3 h-3 z";
            case 5 -> "m0,4 l4,-7 h-8 z";
            default -> "m-4,-2 h8 v4 h-8 z";
        };
        markup.empty(
                "path", "d", "M" + Numbers.at(x) + "," + Numbers.at(y) + " " + shape, "class", "fill c" + look % COUNT);
    }

    private static String[] with(String[] attributes, String name, String value) {
        String[] more = Arrays.copyOf(attributes, attributes.length + 2);
        more[attributes.length] = name;
        more[attributes.length + 1] = value;
        return more;
    }
}
