/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import io.softclose.net.Connection.RoomWait;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Waits for room on a thread that may block. */
final class RoomLatch {
    private RoomLatch() {}

    /**
     * Waits until there is room, or for so long.
     *
     * @param onRoom has an action run once there is
     * @return whether there is
     */
    static boolean await(Function<Runnable, RoomWait> onRoom, long nanos) throws InterruptedException {
        CountDownLatch room = new CountDownLatch(1);
        RoomWait wait = onRoom.apply(room::countDown);
        boolean told = room.await(nanos, TimeUnit.NANOSECONDS);
        wait.cancel();
        return told;
    }
}
