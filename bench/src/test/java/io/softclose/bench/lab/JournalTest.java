/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softclose.bench.lab.Journal.Entry;
import io.softclose.bench.lab.Journal.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    private Path directory = Path.of("");

    private Path path = Path.of("");

    @BeforeEach
    void choosePath() {
        path = directory.resolve("journal");
    }

    @Test
    void whatWasWrittenIsReadInOrderWhileTheWriterLives() throws Exception {
        Journal journal = Journal.create(path);

        journal.add(Kind.ACCEPTED, 0);
        journal.add(Kind.LANE_ENDED, 255, (1L << 48) - 1);
        journal.add(Kind.CLOSED, 4, 7);

        assertEquals(
                List.of(
                        new Entry(Kind.ACCEPTED, 0, 0),
                        new Entry(Kind.LANE_ENDED, 255, (1L << 48) - 1),
                        new Entry(Kind.CLOSED, 4, 7)),
                Journal.read(path));
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        Journal journal = Journal.create(path);

        assertThrows(IllegalArgumentException.class, () -> journal.add(Kind.ARRIVED, 1L << 48));
        assertThrows(IllegalArgumentException.class, () -> journal.add(Kind.ARRIVED, 256, 0));
        assertThrows(IllegalArgumentException.class, () -> journal.add(Kind.ARRIVED, -1));
        assertEquals(List.of(), Journal.read(path));
    }

    @Test
    void aClearedJournalStartsAgain() throws Exception {
        Journal journal = Journal.create(path);
        for (int number = 0; number < 20_000; number++) {
            journal.add(Kind.ARRIVED, number);
        }
        assertEquals(20_000, Journal.read(path).size());

        journal.clear();
        assertEquals(List.of(), Journal.read(path));
        journal.add(Kind.ARRIVED, 7);
        assertEquals(List.of(new Entry(Kind.ARRIVED, 0, 7)), Journal.read(path));
    }
}
