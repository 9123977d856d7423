/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConnectionStateTest {
    private static final Path DOCS = Path.of("..", "docs", "closing.md");
    /** A row of the table of states: the state, what happens, and what follows. */
    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]+) \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);

    private static final Pattern STATE = Pattern.compile("\\b[A-Z]{4,}\\b");

    @Test
    void theDocsHaveTheTableOfTransitions() throws IOException {
        Map<ConnectionState, Set<ConnectionState>> transitions = new EnumMap<>(ConnectionState.class);
        for (ConnectionState state : ConnectionState.values()) {
            transitions.put(state, state.next());
        }

        assertEquals(transitions, documented(Files.readString(DOCS)));
    }

    @Test
    void noStateComesBack() {
        for (ConnectionState state : ConnectionState.values()) {
            assertTrue(state.next().stream().allMatch(next -> next.compareTo(state) > 0), state::toString);
        }
    }

    @Test
    void everyStateButTheFirstIsReached() {
        Set<ConnectionState> reached = EnumSet.of(ConnectionState.DIALING);
        Arrays.stream(ConnectionState.values()).forEach(state -> reached.addAll(state.next()));

        assertEquals(EnumSet.allOf(ConnectionState.class), reached);
    }

    private static Map<ConnectionState, Set<ConnectionState>> documented(String docs) {
        Map<ConnectionState, Set<ConnectionState>> rows = new EnumMap<>(ConnectionState.class);
        String table = docs.substring(docs.indexOf("| state |"), docs.indexOf("1. **Seal.**"));
        for (Matcher row = ROW.matcher(table); row.find(); ) {
            Set<ConnectionState> next = EnumSet.noneOf(ConnectionState.class);
            STATE.matcher(row.group(2)).results().forEach(state -> next.add(ConnectionState.valueOf(state.group())));
            rows.put(ConnectionState.valueOf(row.group(1)), next);
        }
        return rows;
    }
}
