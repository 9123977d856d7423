/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

import io.softclose.net.Message;
import io.softclose.net.SendResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that sends to the other node, whatever becomes of connections, until it is told to stop. */
final class Sender {
    private static final Duration LONG_WAIT = Duration.ofSeconds(10);
    private static final int MOST_SHORT_WAIT_MILLIS = 1_500;
    private static final int MOST_TIME_TO_LIVE_MILLIS = 300;
    private static final int MOST_IN_BURST = 60;
    private static final int MOST_PAUSE_MILLIS = 8;

    private final BreakNode node;
    private final int sender;
    private final SplittableRandom random;
    private final Thread thread;
    private volatile boolean stopped;
    /** Confined to its thread, until that has ended. */
    private final Map<SendResult, Long> results = new EnumMap<>(SendResult.class);

    /** One that has not begun. */
    Sender(BreakNode node, int sender, SplittableRandom random) {
        this.node = node;
        this.sender = sender;
        this.random = random;
        thread = new Thread(this::run, "sender-" + sender);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has it end, and waits for that; what its sends were answered. */
    Map<SendResult, Long> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return results;
    }

    private void run() {
        while (!stopped) {
            int burst = random.nextInt(12) == 0 ? random.nextInt(MOST_IN_BURST) : 1 + random.nextInt(3);
            BreakNode.Start start = node.now();
            for (int i = 0; i < burst; i++) {
                SendResult result = send(start);
                results.merge(result, 1L, Long::sum);
                if (!result.accepted()) {
                    break;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(MOST_PAUSE_MILLIS)));
        }
    }

    private SendResult send(BreakNode.Start start) {
        Duration wait = random.nextInt(4) == 0 ? Duration.ofMillis(random.nextInt(MOST_SHORT_WAIT_MILLIS)) : LONG_WAIT;
        return random.nextInt(20) == 0
                ? send(
                        node,
                        start,
                        sender,
                        random,
                        wait,
                        Duration.ofMillis(1 + random.nextInt(MOST_TIME_TO_LIVE_MILLIS)))
                : send(node, start, sender, random, wait, Duration.ZERO);
    }

    /** Sends one that has all the time that it needs. */
    static SendResult sendPatiently(BreakNode node, SplittableRandom random) {
        return send(node, node.now(), 0, random, LONG_WAIT, Duration.ZERO);
    }

    /** Zero is no time to live at all. */
    private static SendResult send(
            BreakNode node,
            BreakNode.Start start,
            int sender,
            SplittableRandom random,
            Duration wait,
            Duration timeToLive) {
        int lane = random.nextInt(Sent.LANES);
        int size = Cargo.size(random);
        Sent one = node.ledger.begin(start.number(), sender, lane, size >= BreakNode.FRAME_BYTES);
        Message message = Cargo.message(one.number, lane, size);
        SendResult result = start.peer()
                .send(
                        timeToLive.isZero() ? message : message.withTimeToLive(timeToLive),
                        (ended, outcome) -> node.ledger.ended(one, outcome),
                        wait);
        if (result.accepted()) {
            node.ledger.accepted(one);
        }
        return result;
    }
}
