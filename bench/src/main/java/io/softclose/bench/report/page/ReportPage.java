/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.Looks;
import io.softclose.bench.report.chart.Markup;
import io.softclose.bench.report.data.CompareResult;
import io.softclose.bench.report.data.JmhResult;
import io.softclose.bench.report.data.Result;
import io.softclose.bench.report.data.TestnetResult;
import io.softclose.bench.report.data.TimelineResult;
import java.util.List;

/**
 * Results as one page that needs nothing else: no script, no network, and a browser that obeys is told so. What it says depends on
 * the results alone. HTML that is well-formed XML, too.
 */
public final class ReportPage {
    private static final String TITLE = "Softclose: what was measured";

    private ReportPage() {}

    /** The page of these results, in this order. */
    public static String of(List<Result> results) {
        Markup markup = new Markup().doctype();
        markup.begin("html", "lang", "en").begin("head");
        markup.empty("meta", "charset", "utf-8");
        markup.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        markup.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        markup.empty("meta", "name", "color-scheme", "content", "light dark");
        markup.empty("link", "rel", "icon", "href", "data:,");
        markup.leaf("title", TITLE);
        markup.style(Style.colours() + Style.page());
        markup.end();
        markup.begin("body");
        markup.leaf("a", "Skip to the results", "href", "#main", "class", "skip");
        markup.begin("svg", "width", "0", "height", "0", "aria-hidden", "true", "class", "patterns");
        Looks.definitions(markup);
        markup.end();
        header(markup, results);
        markup.begin("main", "id", "main");
        Sheet sheet = new Sheet(markup);
        for (int i = 0; i < results.size(); i++) {
            section(sheet, results.get(i), id(i));
        }
        markup.end().end().end();
        return markup.toString();
    }

    private static void header(Markup markup, List<Result> results) {
        markup.begin("header").leaf("h1", TITLE);
        markup.leaf(
                "p",
                "Each figure shows what its file says, and names the command that made it. Tables below the figures have the same"
                        + " numbers. Counts are as in the files; where there is a share, it says of what.");
        markup.begin("nav", "aria-label", "Results").begin("ul");
        for (int i = 0; i < results.size(); i++) {
            markup.begin("li")
                    .leaf("a", kind(results.get(i)) + ", " + results.get(i).file(), "href", "#" + id(i))
                    .end();
        }
        markup.end().end().end();
    }

    private static String id(int index) {
        return "r" + (index + 1);
    }

    private static String kind(Result result) {
        if (result instanceof CompareResult) {
            return "Closes compared";
        }
        if (result instanceof TestnetResult) {
            return "Test network";
        }
        return result instanceof TimelineResult ? "One close" : "JMH";
    }

    private static void section(Sheet sheet, Result result, String id) {
        if (result instanceof CompareResult compare) {
            new CompareSection(compare).write(sheet, id);
        } else if (result instanceof TestnetResult testnet) {
            new TestnetSection(testnet).write(sheet, id);
        } else if (result instanceof TimelineResult timeline) {
            new TimelineSection(timeline).write(sheet, id);
        } else if (result instanceof JmhResult jmh) {
            new JmhSection(jmh).write(sheet, id);
        }
    }
}
