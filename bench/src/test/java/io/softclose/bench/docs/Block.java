/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import java.util.List;

/**
 * A block of code on a page.
 *
 * @param page the page's path below the project's root
 * @param line the page's line that the text begins on, from 1
 * @param language what stands behind the opening fence; {@code sh} for an indented block
 * @param text the lines of the block, each with its end
 * @param notes the comments right before it, for whoever checks it, without their brackets
 */
record Block(String page, int line, String language, String text, List<String> notes) {
    Block {
        notes = List.copyOf(notes);
    }

    /** What the notes of this kind say: those that begin with it and a colon. */
    List<String> notes(String kind) {
        return notes.stream()
                .filter(note -> note.startsWith(kind + ":"))
                .map(note -> note.substring(kind.length() + 1).strip())
                .toList();
    }

    String place() {
        return page + ":" + line;
    }

    @Override
    public String toString() {
        return place() + " (" + language + ")";
    }
}
