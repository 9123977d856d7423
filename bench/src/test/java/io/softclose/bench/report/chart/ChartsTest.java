/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.report.chart.BarChart.Bar;
import io.softclose.bench.report.chart.BarChart.Group;
import io.softclose.bench.report.chart.BarChart.Part;
import io.softclose.bench.report.chart.LineChart.Dimension;
import io.softclose.bench.report.chart.LineChart.Line;
import io.softclose.bench.report.chart.LineChart.Point;
import io.softclose.bench.report.chart.LineChart.Shape;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lengths, places and words of drawings. */
class ChartsTest {
    private static final Pattern WIDTH = Pattern.compile("width=\"([\\d.]+)\" height=\"11\" class=\"fill c(\\d)\"");
    private static final Pattern PATH = Pattern.compile("d=\"([^\"]+)\" class=\"line c0\"");

    @Test
    void barsAreAsLongAsTheirValuesSay() {
        BarChart chart = new BarChart(
                "t",
                List.of(new Group(
                        "g",
                        List.of(bar("a", part(100, 0)), bar("b", part(25, 0), part(50, 3)), bar("c", part(0, 0))))));

        assertEquals(List.of("360 c0", "90 c0", "180 c3"), found(WIDTH, drawn(chart)));
    }

    @Test
    void aScaleThatIsGivenHolds() {
        BarChart chart = new BarChart("t", 100, List.of(new Group("", List.of(bar("a", part(95, 3))))));

        assertEquals(List.of("342 c3"), found(WIDTH, drawn(chart)));
    }

    @Test
    void whatIsThereAtAllCanBeSeen() {
        BarChart chart = new BarChart("t", List.of(new Group("", List.of(bar("a", part(1_000_000, 0), part(1, 5))))));

        assertEquals(List.of("360 c0"), found(WIDTH, drawn(chart)).subList(0, 1));
        BarChart small =
                new BarChart("t", List.of(new Group("", List.of(bar("a", part(1_000_000, 0)), bar("b", part(1, 5))))));
        assertEquals(List.of("360 c0", "1 c5"), found(WIDTH, drawn(small)));
    }

    @Test
    void anErrorReachesToBothSidesOfABarsEnd() {
        BarChart chart = new BarChart(
                "t", List.of(new Group("", List.of(new Bar("a", "v", List.of(part(80, 0)), Optional.of(10.0))))));

        assertTrue(drawn(chart).contains("M280,21.50 H360 "), drawn(chart));
    }

    @Test
    void longWordsAreBrokenAndTheDrawingIsHigher() {
        String words = "transport netty, size 16384, producers 4, reader slow, policy consensus-priority";
        BarChart one = new BarChart("t", List.of(new Group("", List.of(bar("a", part(1, 0))))));
        BarChart three = new BarChart("t", List.of(new Group("", List.of(bar(words, part(1, 0))))));

        assertEquals(2, Wrap.lines(words).size());
        assertEquals(words, String.join(" ", Wrap.lines(words)));
        assertTrue(three.height() > one.height(), "higher");
        assertTrue(
                Wrap.lines("x".repeat(200)).stream().allMatch(line -> line.length() <= Wrap.LETTERS), "without spaces");
    }

    @Test
    void aLongTitleOfAGroupIsBrokenToo() {
        BarChart chart = new BarChart(
                "t",
                List.of(new Group(
                        "reader fast, deadline 500 ms, rtt 200 ms, bandwidth 125,000 B/s",
                        List.of(bar("a", part(1, 0))))));

        String drawn = drawn(chart);

        assertTrue(drawn.contains(">reader fast, deadline 500 ms, rtt 200</text>"), drawn);
        assertTrue(drawn.contains(">ms, bandwidth 125,000 B/s</text>"), drawn);
        assertEquals(20 + 16 + 16 + 11 + 8, chart.height());
    }

    @Test
    void aLineGoesThroughItsPoints() {
        LineChart chart = new LineChart(
                "t",
                new Dimension("ms", 100),
                new Dimension("%", 100),
                Shape.STRAIGHT,
                List.of(new Line("a", 0, List.of(new Point(0, 0), new Point(50, 100), new Point(100, 50)))),
                List.of());

        assertEquals(List.of("M44,214 L198,44 L352,129"), paths(chart));
    }

    @Test
    void stepsHoldUntilTheNextOne() {
        LineChart chart = new LineChart(
                "t",
                new Dimension("ms", 100),
                new Dimension("%", 100),
                Shape.STEPS,
                List.of(new Line("a", 0, List.of(new Point(0, 0), new Point(100, 100)))),
                List.of());

        assertEquals(List.of("M44,214 H352 V44"), paths(chart));
    }

    @Test
    void anAxisHasRoundNumbers() {
        assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), Axis.upTo(97).ticks());
        assertEquals(List.of(0.0, 50.0, 100.0, 150.0), Axis.upTo(150).ticks());
        assertEquals(1, Axis.upTo(0).place(Axis.upTo(0).to()));
        assertEquals(
                List.of(20.0, 50.0, 100.0, 200.0, 500.0, 1000.0),
                rounded(Axis.over(20, 1_000).ticks()));
        assertEquals(0.5, Axis.over(10, 1_000).place(100), 1e-9);
        assertEquals(0.1, Axis.over(90, 1_000).place(100), 1e-9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    0;          0
                    12345.6;    12,346
                    1234.5678;  1,235
                    999.95;     1,000
                    12.34567;   12.35
                    0.00012345; 0.0001235
                    -3.5;       -3.5
                    1e9;        1,000,000,000
                    """)
    void numbersAreRoundedToFourDigits(double value, String expected) {
        assertEquals(expected, Numbers.rounded(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    0;      100;     0 %
                    1;      3;       33.3 %
                    100;    100;     100 %
                    1;      1000000; under 0.1 %
                    999999; 1000000; over 99.9 %
                    0;      0;       none
                    """)
    void whatIsNotAllIsNeverCalledSo(long part, long whole, String expected) {
        assertEquals(expected, Numbers.percent(part, whole));
    }

    @Test
    void textIsEscapedAndWhatXmlCannotSayIsReplaced() {
        String written = new Markup()
                .leaf("p", "<b> & \u0001 \ud800!", "title", "\"<x>\"")
                .toString();

        assertEquals("<p title=\"&quot;&lt;x&gt;&quot;\">&lt;b&gt; &amp; \ufffd \ufffd!</p>\n", written);
    }

    @Test
    void aStyleSheetThatWouldHaveToBeEscapedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Markup().style("a > b { }"));
    }

    private static Bar bar(String label, Part... parts) {
        return new Bar(label, "v", List.of(parts), Optional.empty());
    }

    private static Part part(double length, int look) {
        return new Part("", length, look);
    }

    private static String drawn(Drawing drawing) {
        Markup markup = new Markup().begin("svg");
        drawing.draw(markup);
        return markup.end().toString();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1) + " c" + result.group(2))
                .toList();
    }

    private static List<String> paths(LineChart chart) {
        // Without the legend's line.
        return PATH.matcher(drawn(chart))
                .results()
                .map((MatchResult result) -> result.group(1))
                .skip(1)
                .map(path -> shifted(path, chart))
                .toList();
    }

    /** As if the plot began at 44. */
    private static String shifted(String path, LineChart chart) {
        double by = chart.height() - 36 - 170 - 44;
        return Pattern.compile("([,V])([\\d.]+)")
                .matcher(path)
                .replaceAll(at -> at.group(1) + Numbers.at(Double.parseDouble(at.group(2)) - by));
    }

    private static List<Double> rounded(List<Double> ticks) {
        return ticks.stream().map(tick -> Math.rint(tick * 1e6) / 1e6).toList();
    }
}
