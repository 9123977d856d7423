/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lays out rows of text in columns: names and notes to the left, figures between them to the right. Not thread-safe. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String> headings;
    private final int names;
    private final int notes;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param names how many columns, from the first on, are aligned to the left
     * @param notes how many columns, up to the last, are aligned to the left, too
     */
    public TextTable(List<String> headings, int names, int notes) {
        this.headings = List.copyOf(headings);
        this.names = names;
        this.notes = notes;
    }

    /** Adds a row with at most as many cells as there are headings. */
    public void add(List<String> row) {
        if (row.size() > headings.size()) {
            throw new IllegalArgumentException("cells: " + row.size() + " (expected: at most " + headings.size() + ")");
        }
        rows.add(List.copyOf(row));
    }

    /** The lines: headings, a rule, then the rows. */
    public List<String> render() {
        int[] widths = headings.stream().mapToInt(String::length).toArray();
        rows.forEach(row -> IntStream.range(0, row.size())
                .forEach(column -> widths[column] =
                        Math.max(widths[column], row.get(column).length())));
        List<String> lines = new ArrayList<>();
        lines.add(line(headings, widths));
        lines.add(Arrays.stream(widths).mapToObj("-"::repeat).collect(Collectors.joining(GAP)));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> {
                    String padding =
                            " ".repeat(widths[column] - cells.get(column).length());
                    boolean toTheLeft = column < names || column >= headings.size() - notes;
                    return toTheLeft ? cells.get(column) + padding : padding + cells.get(column);
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
