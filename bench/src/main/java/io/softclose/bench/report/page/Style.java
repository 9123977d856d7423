/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The style sheets, from the class path. */
final class Style {
    private Style() {}

    /** Colours for light and dark, and how drawings look. */
    static String colours() {
        return read("drawing.css");
    }

    /** Everything else on a page. */
    static String page() {
        return read("page.css");
    }

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(Style.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
