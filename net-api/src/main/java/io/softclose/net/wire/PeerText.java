/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import org.jspecify.annotations.Nullable;

/**
 * Text that a peer had a say in, made fit to stand in a log line or a message: on one line, without control characters or
 * ones that turn the direction of writing, and not long.
 */
public final class PeerText {
    /** Most characters of the peer's that are shown. */
    static final int MOST_SHOWN = 200;

    private PeerText() {}

    /**
     * The text of an object: its first {@value #MOST_SHOWN} characters. Those that are not harmless are shown by their
     * numbers, as in Java's sources.
     */
    public static String of(@Nullable Object object) {
        String text = String.valueOf(object);
        int shown = Math.min(text.length(), MOST_SHOWN);
        StringBuilder fit = new StringBuilder(shown + 16);
        for (int at = 0; at < shown; at++) {
            char next = text.charAt(at);
            if (harmless(next)) {
                fit.append(next);
            } else {
                fit.append(String.format("\\u%04x", (int) next));
            }
        }
        if (shown < text.length()) {
            fit.append("… (").append(text.length()).append(" characters)");
        }
        return fit.toString();
    }

    private static boolean harmless(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
