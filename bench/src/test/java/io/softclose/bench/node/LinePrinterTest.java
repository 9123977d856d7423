/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.node.LinePrinter.Share;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinePrinterTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ROOM = 100;
    private static final String TEN = "0123456789";

    private final Pipe pipe = new Pipe();
    private final LinePrinter lines =
            new LinePrinter("lines", new PrintWriter(pipe), ROOM, lost -> lost + " lines lost");

    @AfterEach
    void open() throws Exception {
        pipe.letThrough(1_000_000);
        lines.close(LONG);
    }

    @Test
    void linesComeInOrderBehindTheFirstOne() throws Exception {
        pipe.letThrough(3);
        lines.print("second", Share.ALL);
        lines.print("third", Share.HALF);
        lines.beginWith("first");

        assertTrue(lines.close(LONG));
        assertEquals(List.of("first", "second", "third"), pipe.lines());
    }

    @Test
    void aFullOutputStopsNobodyAndTheNumberOfLinesLostIsToldOnceThereIsRoom() throws Exception {
        lines.begin();
        fillPipe();
        for (int line = 0; line < 15; line++) {
            lines.print(TEN, Share.ALL);
        }

        pipe.letThrough(11);
        pipe.awaitLines(11);
        lines.print("later", Share.ALL);
        pipe.letThrough(2);

        assertTrue(lines.close(LONG));
        assertEquals(List.of("5 lines lost", "later"), pipe.lines().subList(11, 13));
    }

    @Test
    void whatIsLostInTheEndIsToldInTheEnd() throws Exception {
        lines.begin();
        fillPipe();
        for (int line = 0; line < 12; line++) {
            lines.print(TEN, Share.ALL);
        }
        pipe.letThrough(12);

        assertTrue(lines.close(LONG));
        assertEquals("2 lines lost", pipe.lines().get(11));
    }

    @Test
    void floodsLeaveRoomForTheRest() throws Exception {
        lines.begin();
        fillPipe();
        for (int line = 0; line < 100; line++) {
            lines.print(TEN, Share.HALF);
        }
        lines.print("a report", Share.ALL);
        pipe.letThrough(100);

        assertTrue(lines.close(LONG));
        assertEquals(
                List.of("95 lines lost", "a report"),
                pipe.lines().subList(6, pipe.lines().size()));
    }

    @Test
    void aLineLongerThanTheRoomIsPrintedAllTheSame() throws Exception {
        String report = TEN.repeat(ROOM);
        pipe.letThrough(1);
        lines.begin();
        lines.print(report, Share.ALL);

        assertTrue(lines.close(LONG));
        assertEquals(List.of(report), pipe.lines());
    }

    @Test
    void closingDoesNotWaitForAnOutputThatTakesNothing() throws Exception {
        lines.begin();
        lines.print("waits", Share.ALL);

        assertFalse(lines.close(Duration.ofMillis(1)));
    }

    @Test
    void aBrokenOutputIsTold() throws Exception {
        pipe.failure = new IOException("Broken pipe");
        lines.begin();
        lines.print("nobody reads this", Share.ALL);

        lines.broken().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertFalse(lines.close(LONG));
    }

    @Test
    void aLineThatCannotBeWrittenCostsNoOther() throws Exception {
        pipe.unchecked = new UncheckedIOException(new IOException("this once"));
        pipe.letThrough(3);
        lines.print("not written", Share.ALL);
        lines.print("written", Share.ALL);
        lines.begin();
        pipe.awaitLines(1);
        lines.print("and told", Share.ALL);

        assertTrue(lines.close(LONG));
        assertEquals(List.of("written", "1 lines lost", "and told"), pipe.lines());
    }

    @Test
    void aLogThatNobodyReadsStopsNobody() {
        LogPrinter.install(lines);
        try {
            lines.begin();
            Logger logger = Logger.getLogger("io.softclose.bench.test");
            for (int line = 0; line < 100; line++) {
                logger.warning("nobody reads this");
            }
        } finally {
            LogPrinter.uninstall(lines);
        }
    }

    /** One line is at the output, and waits there; none waits before it. */
    private void fillPipe() throws InterruptedException {
        lines.print("at the output", Share.ALL);
        assertTrue(pipe.busy.await(60, TimeUnit.SECONDS), "nothing is written");
    }

    /** Takes as many lines as a test lets through, each as it is written. */
    private static final class Pipe extends Writer {
        private final Semaphore room = new Semaphore(0);
        private final Semaphore taken = new Semaphore(0);
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final CountDownLatch busy = new CountDownLatch(1);
        private volatile @Nullable IOException failure;
        private volatile @Nullable RuntimeException unchecked;

        void letThrough(int count) {
            room.release(count);
        }

        void awaitLines(int count) throws InterruptedException {
            assertTrue(taken.tryAcquire(count, 60, TimeUnit.SECONDS), () -> "only " + lines);
        }

        List<String> lines() {
            return List.copyOf(lines);
        }

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            String text = new String(buffer, offset, length);
            RuntimeException once = unchecked;
            if (once != null) {
                unchecked = null;
                throw once;
            }
            IOException always = failure;
            if (always != null) {
                throw always;
            }
            if (!text.equals(System.lineSeparator())) {
                busy.countDown();
                room.acquireUninterruptibly();
                lines.add(text);
                taken.release();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
