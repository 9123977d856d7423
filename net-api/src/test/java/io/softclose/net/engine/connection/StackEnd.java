/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.SendResult;
import io.softclose.net.engine.HandLoop;
import java.util.function.Supplier;

/** Sends at the last depths of a stack, where the machine cuts it off at any of its calls. */
final class StackEnd implements Runnable {
    private static final int DEPTHS = 60;

    private final Supplier<SendResult> send;
    private long accepted;
    private long cutOff;

    StackEnd(Supplier<SendResult> send) {
        this.send = send;
    }

    /** Has threads fall to the end of their stacks, one after the other, and the loop do its work behind each. */
    void reach(int threads, HandLoop loop) throws InterruptedException {
        for (int round = 0; round < threads; round++) {
            Thread sender = new Thread(null, this, "at the end of its stack", 180 << 10);
            sender.start();
            sender.join();
            loop.runAll();
        }
        assertTrue(cutOff > 0, "no send was cut off");
        assertTrue(accepted > 0, "no send was accepted");
    }

    /** How many sends said so. */
    long accepted() {
        return accepted;
    }

    @Override
    public void run() {
        fall();
    }

    /** Falls, and says how many sends were tried below. */
    @SuppressWarnings("InfiniteRecursion") // until the stack ends
    private int fall() {
        int tried;
        try {
            tried = fall();
        } catch (StackOverflowError end) {
            tried = 0;
        }
        if (tried < DEPTHS) {
            try {
                accepted += send.get() == SendResult.ACCEPTED ? 1 : 0;
            } catch (StackOverflowError end) {
                cutOff++;
            }
        }
        return tried + 1;
    }
}
