/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import io.softclose.bench.report.chart.Legend.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bars below each other, in groups, all from zero and to one scale. Above each bar stand what it is of, and its value in words.
 *
 * @param title what is drawn, with the unit
 * @param greatest what a bar over the whole width stands for; of zero, the longest bar
 * @param groups from top to bottom
 */
public record BarChart(String title, double greatest, List<Group> groups) implements Drawing {
    private static final double GROUP_TITLE = 20;
    private static final double LABEL = 16;
    private static final int BOLD_LETTERS = 40;
    private static final double BAR = 11;
    private static final double GAP = 8;
    /** So wide at least, if it stands for anything. */
    private static final double LEAST = 1;

    /** Copies the list. */
    public BarChart {
        groups = List.copyOf(groups);
    }

    /** As long as the longest bar needs. */
    public BarChart(String title, List<Group> groups) {
        this(title, 0, groups);
    }

    /** Bars that belong together; the title may be empty. */
    public record Group(String title, List<Bar> bars) {
        /** Copies the list. */
        public Group {
            bars = List.copyOf(bars);
        }
    }

    /**
     * One bar.
     *
     * @param label what it is of
     * @param value in words
     * @param parts from the left
     * @param error how far to both sides of the end the true value may be
     */
    public record Bar(String label, String value, List<Part> parts, Optional<Double> error) {
        /** Copies the list. */
        public Bar {
            parts = List.copyOf(parts);
        }

        /** Of one part. */
        public static Bar of(String label, String value, double length, int look) {
            return new Bar(label, value, List.of(new Part("", length, look)), Optional.empty());
        }

        private double length() {
            return parts.stream().mapToDouble(Part::length).sum();
        }
    }

    /**
     * A piece of a bar.
     *
     * @param name what it stands for, for the legend; empty for bars that need none
     * @param look as in {@link Looks}
     */
    public record Part(String name, double length, int look) {}

    @Override
    public double height() {
        double height = legend().height();
        for (Group group : groups) {
            height += titleHeight(group);
            height += group.bars().stream().mapToDouble(BarChart::height).sum();
        }
        return height;
    }

    @Override
    public String description() {
        List<String> words = new ArrayList<>();
        for (Group group : groups) {
            for (Bar bar : group.bars()) {
                words.add((group.title().isEmpty() ? "" : group.title() + ", ") + bar.label() + ": " + bar.value());
            }
        }
        return "Bars. " + String.join("; ", words) + ".";
    }

    @Override
    public void draw(Markup markup) {
        Legend legend = legend();
        legend.draw(markup);
        double y = legend.height();
        double unit = WIDTH / Math.max(greatest > 0 ? greatest : longest(), Double.MIN_NORMAL);
        for (Group group : groups) {
            drawTitle(markup, group, y);
            y += titleHeight(group);
            for (Bar bar : group.bars()) {
                draw(markup, bar, y, unit);
                y += height(bar);
            }
        }
    }

    private static double titleHeight(Group group) {
        return group.title().isEmpty()
                ? 0
                : GROUP_TITLE + (Wrap.lines(group.title(), BOLD_LETTERS).size() - 1) * LABEL;
    }

    private static void drawTitle(Markup markup, Group group, double top) {
        double baseline = top + 14;
        for (String line : Wrap.lines(group.title(), BOLD_LETTERS)) {
            if (!line.isEmpty()) {
                markup.leaf("text", line, "x", "0", "y", Numbers.at(baseline), "class", "group");
            }
            baseline += LABEL;
        }
    }

    private static double height(Bar bar) {
        return rows(bar) * LABEL + BAR + GAP;
    }

    /** Label and value stand on one line if both have room on it. */
    private static int rows(Bar bar) {
        List<String> label = Wrap.lines(bar.label());
        List<String> value = Wrap.lines(bar.value());
        int last = label.get(label.size() - 1).length() + value.get(0).length() + 2;
        boolean joined = value.size() == 1 && last <= Wrap.LETTERS;
        return label.size() + value.size() - (joined ? 1 : 0);
    }

    private static void draw(Markup markup, Bar bar, double y, double unit) {
        double top = y + rows(bar) * LABEL;
        double baseline = y + LABEL - 4;
        for (String line : Wrap.lines(bar.label())) {
            markup.leaf("text", line, "x", "0", "y", Numbers.at(baseline));
            baseline += LABEL;
        }
        List<String> value = Wrap.lines(bar.value());
        baseline = top - 4 - (value.size() - 1) * LABEL;
        for (String line : value) {
            markup.leaf("text", line, "x", Integer.toString(WIDTH), "y", Numbers.at(baseline), "class", "value");
            baseline += LABEL;
        }
        markup.empty(
                "rect",
                "x",
                "0",
                "y",
                Numbers.at(top),
                "width",
                Integer.toString(WIDTH),
                "height",
                Numbers.at(BAR),
                "class",
                "track");
        double x = 0;
        for (Part part : bar.parts()) {
            if (part.length() > 0) {
                double width = Math.min(WIDTH - x, Math.max(LEAST, part.length() * unit));
                Looks.box(markup, part.look(), x, top, width, BAR);
                x += width;
            }
        }
        bar.error().ifPresent(error -> whisker(markup, bar.length(), error, top, unit));
    }

    private static void whisker(Markup markup, double length, double error, double top, double unit) {
        String from = Numbers.at(Math.max(0, length - error) * unit);
        String to = Numbers.at(Math.min(WIDTH, (length + error) * unit));
        String y = Numbers.at(top + BAR / 2);
        markup.empty(
                "path",
                "d",
                "M" + from + "," + y + " H" + to + " M" + from + "," + Numbers.at(top + 1) + " v" + Numbers.at(BAR - 2)
                        + " M" + to + "," + Numbers.at(top + 1) + " v" + Numbers.at(BAR - 2),
                "class",
                "whisker");
    }

    private double longest() {
        return groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(bar -> bar.length() + bar.error().orElse(0.0))
                .max()
                .orElse(0);
    }

    private Legend legend() {
        return new Legend(
                Samples.BOXES,
                groups.stream()
                        .flatMap(group -> group.bars().stream())
                        .flatMap(bar -> bar.parts().stream())
                        .filter(part -> !part.name().isEmpty() && part.length() > 0)
                        .map(part -> new Legend.Entry(part.name(), part.look()))
                        .distinct()
                        .toList());
    }
}
