/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

/** Something that is drawn {@value #WIDTH} units wide: a unit is about a pixel on a phone, and more on a larger screen. */
public interface Drawing {
    /** How wide every drawing is. */
    int WIDTH = 360;

    /** How high it is. */
    double height();

    /** Draws it, its corner at the top left being at zero. */
    void draw(Markup markup);

    /** What it is called. */
    String title();

    /** What it shows, for those who do not see it. */
    String description();

    /**
     * An image of its own within a page.
     *
     * @param id for its title and description, unique on the page
     */
    default void asImage(Markup markup, String id) {
        markup.begin(
                        "svg",
                        "viewBox",
                        "0 0 " + WIDTH + " " + Numbers.at(height()),
                        "role",
                        "img",
                        "aria-labelledby",
                        id + "-t",
                        "aria-describedby",
                        id + "-d")
                .leaf("title", title(), "id", id + "-t")
                .leaf("desc", description(), "id", id + "-d");
        draw(markup);
        markup.end();
    }
}
