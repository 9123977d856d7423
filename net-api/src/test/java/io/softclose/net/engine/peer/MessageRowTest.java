/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageRowTest {
    private final LocalPeer peer = (LocalPeer) new PeerScene().peer();
    private final MessageRow row = new MessageRow();

    private PeerMessage message(String label, long wait) {
        return new PeerMessage(peer, 0, PeerScene.message(label), null, wait);
    }

    private static String rest(MessageRow row) {
        List<String> labels = new ArrayList<>();
        for (PeerMessage one = row.poll(); one != null; one = row.poll()) {
            labels.add(PeerScene.label(one.message));
        }
        assertEquals(0, row.size());
        assertEquals(0, row.bytes());
        assertNull(row.oldest());
        return String.join(" ", labels);
    }

    @Test
    void keepsTheOrderInWhichMessagesCameOrCameBack() {
        row.add(message("b", 1));
        row.putFirst(message("a", 1));
        row.add(message("c", 1));

        assertEquals(3, row.size());
        assertEquals(3, row.bytes());
        assertEquals("a b c", rest(row));
        row.putFirst(message("d", 1));
        row.add(message("e", 1));
        assertEquals("d e", rest(row));
    }

    @Test
    void takesOneOutWhereverItStands() {
        for (String out : List.of("a", "b", "c")) {
            List<PeerMessage> all = List.of(message("a", 1), message("b", 1), message("c", 1));
            all.forEach(row::add);
            PeerMessage one = all.get("abc".indexOf(out));

            assertTrue(row.remove(one));
            assertFalse(row.remove(one));

            row.add(message("d", 1));
            assertEquals("a b c d".replace(out + " ", ""), rest(row));
        }
    }

    @Test
    void hasNoneTwice() {
        PeerMessage first = message("a", 1);
        PeerMessage last = message("b", 1);
        row.add(first);
        row.add(last);

        assertThrows(IllegalStateException.class, () -> row.putFirst(first));
        assertThrows(IllegalStateException.class, () -> row.add(last));

        assertEquals("a b", rest(row));
    }

    @Test
    void movesThoseWhoseTimeHasComeWhereverTheyStand() {
        MessageRow due = new MessageRow();
        row.add(message("a", 5));
        row.add(message("b", 9));
        row.add(message("c", 3));
        row.add(message("d", 9));
        row.add(message("e", 5));

        row.moveDue(5, due);

        assertEquals("a c e", rest(due));
        row.add(message("f", 9));
        assertEquals("b d f", rest(row));
    }
}
