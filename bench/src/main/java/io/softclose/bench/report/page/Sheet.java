/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import io.softclose.bench.report.chart.Drawing;
import io.softclose.bench.report.chart.Markup;
import io.softclose.bench.report.data.Facts;
import java.util.List;

/** What sections of a page are made of. Writes at once; not thread-safe. */
final class Sheet {
    private final Markup markup;
    private int figures;

    Sheet(Markup markup) {
        this.markup = markup;
    }

    /** Where everything is written. */
    Markup markup() {
        return markup;
    }

    /** Begins a section with a heading. */
    void begin(String id, String heading, String subject) {
        markup.begin("section", "id", id, "aria-labelledby", id + "-h");
        markup.begin("h2", "id", id + "-h")
                .text(heading + " ")
                .leaf("span", subject, "class", "file")
                .end();
    }

    void end() {
        markup.end();
    }

    void heading(String words) {
        markup.leaf("h3", words);
    }

    void words(String words) {
        markup.leaf("p", words);
    }

    /** What must be seen first. */
    void warnings(List<String> warnings) {
        if (!warnings.isEmpty()) {
            markup.begin("div", "class", "warning", "role", "note").leaf("strong", "Not as it should be");
            markup.begin("ul");
            warnings.forEach(warning -> markup.leaf("li", warning));
            markup.end().end();
        }
    }

    /** The command and what it was run on and with. */
    void facts(String made, Facts facts) {
        markup.begin("p", "class", "made").text(made + " ");
        command(facts);
        markup.end();
        markup.begin("details").leaf("summary", "Machine and settings");
        markup.begin("dl");
        facts.conditions()
                .forEach((name, value) ->
                        markup.begin("div").leaf("dt", name).leaf("dd", value).end());
        markup.end().end();
    }

    void beginFigures() {
        markup.begin("div", "class", "figures");
    }

    void endFigures() {
        markup.end();
    }

    /** A drawing with its title, a note and its command. */
    void figure(Drawing drawing, String note, Facts facts) {
        figures++;
        markup.begin("figure");
        markup.begin("figcaption").leaf("strong", drawing.title());
        if (!note.isEmpty()) {
            markup.text(" ").leaf("span", note);
        }
        markup.end();
        drawing.asImage(markup, "f" + figures);
        markup.begin("p", "class", "made");
        command(facts);
        markup.end().end();
    }

    /** Lines break between its words, not at their hyphens. */
    private void command(Facts facts) {
        markup.begin("code");
        String gap = "";
        for (String word : facts.command().split(" ", -1)) {
            markup.text(gap).leaf("span", word);
            gap = " ";
        }
        markup.end();
    }

    /**
     * A table, which scrolls by itself where it is wider than the screen.
     *
     * @param headings the first is of the columns of names
     * @param names how many columns, from the first on, are names
     */
    void table(String caption, List<String> headings, int names, List<List<String>> rows) {
        markup.begin("details").leaf("summary", caption);
        markup.begin("div", "class", "wide", "tabindex", "0", "role", "region", "aria-label", caption);
        markup.begin("table").leaf("caption", caption);
        markup.begin("thead").begin("tr");
        for (int i = 0; i < headings.size(); i++) {
            markup.leaf("th", headings.get(i), "scope", "col", "class", i < names ? "name" : "number");
        }
        markup.end().end();
        markup.begin("tbody");
        for (List<String> row : rows) {
            markup.begin("tr");
            for (int i = 0; i < row.size(); i++) {
                if (i < names) {
                    markup.leaf("th", row.get(i), "scope", "row", "class", "name");
                } else {
                    markup.leaf("td", row.get(i), "class", "number");
                }
            }
            markup.end();
        }
        markup.end().end().end().end();
    }
}
