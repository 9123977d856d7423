/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import java.util.ArrayDeque;

/** Spare batches of one loop, so that a connection holds one only while it writes. Loop only. */
final class BatchPool {
    private static final int MOST = 8;

    private final ArrayDeque<Batch> spare = new ArrayDeque<>(MOST);

    Batch acquire() {
        Batch batch = spare.poll();
        return batch == null ? new Batch() : batch;
    }

    void release(Batch batch) {
        batch.clear();
        if (spare.size() < MOST) {
            spare.push(batch);
        }
    }
}
