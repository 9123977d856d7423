/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a page's blocks. A block stands between two fences, or is indented by four spaces and follows an empty line, and then
 * it holds commands. Comments in front of it are its notes: {@code <!-- … -->}, also over several lines.
 */
final class BlockReader {
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern ITEM = Pattern.compile("\\s*(\\d+\\.|[-*]) .*");

    private final String page;
    private final List<String> lines;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> prose = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int next;
    private boolean inItem;

    BlockReader(String page, String text) {
        this.page = page;
        this.lines = text.lines().toList();
        while (next < lines.size()) {
            read(lines.get(next));
        }
    }

    List<Block> blocks() {
        return blocks;
    }

    /** The lines that are in no block and no comment. */
    List<String> prose() {
        return prose;
    }

    private void read(String line) {
        Matcher fence = FENCE.matcher(line);
        if (fence.matches()) {
            int first = ++next;
            take(first, fence.group(1), closing(first));
            next++;
        } else if (line.startsWith("<!--")) {
            comment();
        } else if (line.startsWith("    ") && !inItem && isEmpty(next - 1)) {
            int first = next;
            while (next < lines.size() && lines.get(next).startsWith("    ")) {
                next++;
            }
            take(first, "sh", next);
        } else {
            if (!line.isEmpty()) {
                inItem = ITEM.matcher(line).matches() || (inItem && line.startsWith(" "));
                notes.clear();
            }
            prose.add(line);
            next++;
        }
    }

    private int closing(int first) {
        int end = first;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }

    private void take(int first, String language, int end) {
        StringBuilder text = new StringBuilder();
        lines.subList(first, end).forEach(line -> text.append(line).append('\n'));
        blocks.add(new Block(page, first + 1, language, text.toString(), notes));
        notes.clear();
        inItem = false;
        next = end;
    }

    private void comment() {
        StringBuilder comment = new StringBuilder();
        do {
            comment.append(lines.get(next)).append('\n');
        } while (!lines.get(next++).endsWith("-->"));
        String note = comment.toString().strip();
        notes.add(
                note.substring("<!--".length(), note.length() - "-->".length()).strip());
    }

    private boolean isEmpty(int line) {
        return line < 0 || lines.get(line).isBlank();
    }
}
