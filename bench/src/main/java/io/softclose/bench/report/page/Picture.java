/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.BarChart;
import io.softclose.bench.report.chart.Drawing;
import io.softclose.bench.report.chart.Looks;
import io.softclose.bench.report.chart.Markup;
import io.softclose.bench.report.chart.Wrap;
import io.softclose.bench.report.data.TestnetResult;
import java.util.List;

/** A test network's result as one picture, for a README: an SVG that needs nothing else, light or dark as its reader likes. */
public final class Picture {
    private static final int MARGIN = 24;
    private static final int GUTTER = 40;
    private static final int HEAD = 66;
    private static final int CAPTION = 26;
    private static final int LINE = 15;
    private static final int COMMAND_LETTERS = 108;

    private Picture() {}

    /** The picture of a result. */
    public static String of(TestnetResult result) {
        TestnetSection section = new TestnetSection(result);
        List<BarChart> charts = List.of(section.roundsPerMinute(), section.votes());
        int width = 2 * MARGIN + 2 * Drawing.WIDTH + GUTTER;
        double below = charts.stream().mapToDouble(BarChart::height).max().orElse(0);
        List<String> command = Wrap.lines(result.facts().command(), COMMAND_LETTERS);
        int height = (int) Math.ceil(HEAD + CAPTION + below + MARGIN + command.size() * LINE + MARGIN);
        Markup markup = new Markup();
        markup.begin(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "width",
                Integer.toString(width),
                "height",
                Integer.toString(height),
                "role",
                "img",
                "aria-labelledby",
                "t",
                "aria-describedby",
                "d");
        markup.leaf("title", title(result), "id", "t");
        markup.leaf(
                "desc",
                charts.get(0).title() + ". " + charts.get(0).description() + " "
                        + charts.get(1).title() + ". " + charts.get(1).description(),
                "id",
                "d");
        markup.style(Style.colours());
        Looks.definitions(markup);
        markup.empty("rect", "width", Integer.toString(width), "height", Integer.toString(height), "class", "paper");
        text(markup, title(result), MARGIN, 32, "head");
        text(markup, conditions(result), MARGIN, 52, "tick");
        for (int i = 0; i < charts.size(); i++) {
            int x = MARGIN + i * (Drawing.WIDTH + GUTTER);
            text(markup, charts.get(i).title(), x, HEAD + 14, "group");
            markup.begin("g", "transform", "translate(" + x + "," + (HEAD + CAPTION) + ")");
            charts.get(i).draw(markup);
            markup.end();
        }
        for (int i = 0; i < command.size(); i++) {
            text(markup, command.get(i), MARGIN, height - MARGIN - (command.size() - 1 - i) * LINE, "tick mono");
        }
        return markup.end().toString();
    }

    private static String title(TestnetResult result) {
        return condition(result, "validators") + " validators on a bad network, by close policy";
    }

    private static String conditions(TestnetResult result) {
        return "One-way latency " + condition(result, "latency") + ", " + seconds(condition(result, "duration"))
                + " each, seed " + condition(result, "seed") + "; faults: " + condition(result, "faults");
    }

    private static String seconds(String millis) {
        return millis.endsWith("000 ms") ? millis.replace("000 ms", " s") : millis;
    }

    private static String condition(TestnetResult result, String name) {
        return result.facts().conditions().getOrDefault(name, "unknown");
    }

    private static void text(Markup markup, String words, int x, int y, String look) {
        markup.leaf("text", words, "x", Integer.toString(x), "y", Integer.toString(y), "class", look);
    }
}
