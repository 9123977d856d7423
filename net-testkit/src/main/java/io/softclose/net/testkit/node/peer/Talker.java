/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node.peer;

import io.softclose.net.SendResult;
import io.softclose.net.testkit.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

/** A thread that sends as fast as it can, until it is refused for good. */
public final class Talker {
    private final CountDownLatch talking = new CountDownLatch(1);
    private final CompletableFuture<Integer> said;

    private Talker(IntFunction<SendResult> send) {
        // The common pool may have fewer threads than there are talkers.
        said = CompletableFuture.supplyAsync(() -> talk(send), task -> new Thread(task).start());
    }

    /** Starts to send messages numbered from 0 on, and comes back when the first try was made. */
    public static Talker start(IntFunction<SendResult> send) {
        Talker talker = new Talker(send);
        Waiting.await(talker.talking, "talking");
        return talker;
    }

    private int talk(IntFunction<SendResult> send) {
        int accepted = 0;
        SendResult result = SendResult.ACCEPTED;
        while (result.accepted() || result == SendResult.OUTBOX_FULL) {
            result = send.apply(accepted);
            accepted += result.accepted() ? 1 : 0;
            talking.countDown();
        }
        return accepted;
    }

    /** Waits for its end. How many messages were accepted. */
    public int awaitEnd() {
        return Waiting.await(said, "the end of a talker");
    }
}
