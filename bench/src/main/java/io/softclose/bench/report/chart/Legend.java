/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Which look stands for what, as many beside each other as there is room for.
 *
 * @param samples whether boxes or lines are told apart
 * @param entries in order
 */
record Legend(Samples samples, List<Entry> entries) {
    private static final double ROW = 17;
    private static final double SAMPLE = 26;
    private static final double GAP = 12;
    private static final double LETTER = 7;
    private static final double CAPITAL = 8.7;

    /** What is shown of a look. */
    enum Samples {
        BOXES,
        LINES
    }

    /** One look. */
    record Entry(String name, int look) {}

    /** Copies the list. */
    Legend {
        entries = List.copyOf(entries);
    }

    double height() {
        return entries.isEmpty() ? 0 : rows().size() * ROW + 5;
    }

    /** Draws it, its top being at zero. */
    void draw(Markup markup) {
        double y = 0;
        for (List<Entry> row : rows()) {
            double x = 0;
            for (Entry entry : row) {
                sample(markup, entry.look(), x, y);
                markup.leaf("text", entry.name(), "x", Numbers.at(x + SAMPLE), "y", Numbers.at(y + 12), "class", "key");
                x += width(entry);
            }
            y += ROW;
        }
    }

    private void sample(Markup markup, int look, double x, double y) {
        switch (samples) {
            case BOXES -> Looks.box(markup, look, x, y + 3, 20, 10);
            case LINES -> {
                Looks.line(markup, look, "M" + Numbers.at(x) + "," + Numbers.at(y + 8) + " h22");
                Looks.mark(markup, look, x + 11, y + 8);
            }
        }
    }

    private List<List<Entry>> rows() {
        List<List<Entry>> rows = new ArrayList<>();
        double used = Drawing.WIDTH;
        for (Entry entry : entries) {
            if (used + width(entry) - GAP > Drawing.WIDTH) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(entry);
            used += width(entry);
        }
        return rows;
    }

    private static double width(Entry entry) {
        double letters = entry.name()
                .chars()
                .mapToDouble(each -> Character.isUpperCase(each) ? CAPITAL : LETTER)
                .sum();
        return SAMPLE + letters + GAP;
    }
}
