/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import io.softclose.bench.report.chart.Legend.Samples;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines over one axis.
 *
 * @param title what is drawn
 * @param across what goes from left to right, with its unit
 * @param up what goes upwards, with its unit; from zero
 * @param shape how points are joined
 * @param lines in order
 * @param moments places on the way from left to right that have a name
 */
public record LineChart(
        String title, Dimension across, Dimension up, Shape shape, List<Line> lines, List<Moment> moments)
        implements Drawing {
    private static final double LEFT = 44;
    private static final double RIGHT = 8;
    private static final double PLOT = 170;
    private static final double BELOW = 36;
    private static final double CAPTION = 18;
    private static final double MOMENT = 14;
    private static final int MOST_MARKS = 16;

    /** Copies the lists. */
    public LineChart {
        lines = List.copyOf(lines);
        moments = List.copyOf(moments);
    }

    /** How points are joined. */
    public enum Shape {
        /** Straight. */
        STRAIGHT,
        /** What holds at a point holds until the next one. */
        STEPS
    }

    /**
     * A direction.
     *
     * @param name with the unit
     * @param greatest the end of the axis, or zero for what the points need
     */
    public record Dimension(String name, double greatest) {
        /** As far as the points need. */
        public static Dimension of(String name) {
            return new Dimension(name, 0);
        }
    }

    /** One line; its points go to the right. */
    public record Line(String name, int look, List<Point> points) {
        /** Copies the list. */
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A value, {@code y}, at a place. */
    public record Point(double x, double y) {}

    /** A place with a name. */
    public record Moment(double x, String name) {}

    @Override
    public double height() {
        return top() + PLOT + BELOW;
    }

    @Override
    public String description() {
        StringBuilder words = new StringBuilder("Lines of " + up.name() + " over " + across.name() + ".");
        for (Line line : lines) {
            if (!line.points().isEmpty()) {
                Point first = line.points().get(0);
                Point last = line.points().get(line.points().size() - 1);
                words.append(' ')
                        .append(line.name())
                        .append(" from ")
                        .append(at(first))
                        .append(" to ")
                        .append(at(last))
                        .append('.');
            }
        }
        moments.forEach(moment -> words.append(' ')
                .append(moment.name())
                .append(" from ")
                .append(Numbers.rounded(moment.x()))
                .append(" on."));
        return words.toString();
    }

    private static String at(Point point) {
        return Numbers.rounded(point.y()) + " at " + Numbers.rounded(point.x());
    }

    @Override
    public void draw(Markup markup) {
        Legend legend = legend();
        legend.draw(markup);
        Axis horizontal = across.greatest() > 0
                ? Axis.upTo(across.greatest())
                : Axis.over(values(true).min().orElse(0), values(true).max().orElse(1));
        Axis vertical = Axis.upTo(
                up.greatest() > 0 ? up.greatest() : values(false).max().orElse(1));
        markup.leaf("text", up.name(), "x", "0", "y", Numbers.at(legend.height() + 12), "class", "axis");
        grid(markup, horizontal, vertical);
        moments(markup, horizontal);
        lines.forEach(line -> draw(markup, line, horizontal, vertical));
    }

    private void grid(Markup markup, Axis horizontal, Axis vertical) {
        double bottom = top() + PLOT;
        for (double tick : vertical.ticks()) {
            String y = Numbers.at(y(vertical, tick));
            markup.empty("path", "d", "M" + LEFT + "," + y + " H" + (WIDTH - RIGHT), "class", "grid");
            markup.leaf(
                    "text",
                    Numbers.rounded(tick),
                    "x",
                    Numbers.at(LEFT - 5),
                    "y",
                    Numbers.at(y(vertical, tick) + 4),
                    "class",
                    "tick end");
        }
        for (double tick : horizontal.ticks()) {
            String x = Numbers.at(x(horizontal, tick));
            markup.empty("path", "d", "M" + x + "," + Numbers.at(bottom) + " v4", "class", "grid");
            markup.leaf("text", Numbers.rounded(tick), "x", x, "y", Numbers.at(bottom + 16), "class", "tick middle");
        }
        markup.leaf(
                "text",
                across.name(),
                "x",
                Numbers.at(WIDTH - RIGHT),
                "y",
                Numbers.at(bottom + 32),
                "class",
                "axis end");
    }

    /** Their names stand above the plot, a row for each, so that none covers another. */
    private void moments(Markup markup, Axis horizontal) {
        double y = top() - moments.size() * MOMENT;
        for (Moment moment : moments) {
            double x = x(horizontal, moment.x());
            boolean toTheLeft = x > WIDTH * 0.6;
            markup.empty(
                    "path",
                    "d",
                    "M" + Numbers.at(x) + "," + Numbers.at(y) + " V" + Numbers.at(top() + PLOT),
                    "class",
                    "moment");
            markup.leaf(
                    "text",
                    moment.name(),
                    "x",
                    Numbers.at(toTheLeft ? x - 4 : x + 4),
                    "y",
                    Numbers.at(y + 10),
                    "class",
                    toTheLeft ? "tick end" : "tick");
            y += MOMENT;
        }
    }

    private void draw(Markup markup, Line line, Axis horizontal, Axis vertical) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            String x = Numbers.at(x(horizontal, point.x()));
            String y = Numbers.at(y(vertical, point.y()));
            if (path.isEmpty()) {
                path.append('M').append(x).append(',').append(y);
            } else if (shape == Shape.STEPS) {
                path.append(" H").append(x).append(" V").append(y);
            } else {
                path.append(" L").append(x).append(',').append(y);
            }
        }
        if (!path.isEmpty()) {
            Looks.line(markup, line.look(), path.toString());
        }
        int every = Math.max(1, line.points().size() / MOST_MARKS);
        for (int i = 0; i < line.points().size(); i += every) {
            Point point = line.points().get(i);
            Looks.mark(markup, line.look(), x(horizontal, point.x()), y(vertical, point.y()));
        }
    }

    private double top() {
        return legend().height() + CAPTION + moments.size() * MOMENT + 4;
    }

    private static double x(Axis axis, double value) {
        return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(Axis axis, double value) {
        return top() + PLOT * (1 - axis.place(value));
    }

    private DoubleStream values(boolean horizontally) {
        return lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> horizontally ? point.x() : point.y());
    }

    private Legend legend() {
        return new Legend(
                Samples.LINES,
                lines.stream()
                        .map(line -> new Legend.Entry(line.name(), line.look()))
                        .toList());
    }
}
