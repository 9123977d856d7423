/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.urgent;

import io.softclose.net.Limits;
import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * What is sent over one connection: bulk without end, and votes beside it.
 *
 * @param warmUp how long there is only bulk
 * @param votes how many votes are sent then, 1 to 1 000 000
 * @param interval from one to the next
 * @param bulkBytes the payload of each message of bulk, 1 to 64 MiB
 */
public record UrgentLoad(Duration warmUp, int votes, Duration interval, int bulkBytes) {
    static final int VOTE_BYTES = 200;
    /** So many messages of bulk wait or are being written all the time. */
    static final int BULK_AT_A_TIME = 4;

    /** Checks the bounds. */
    public UrgentLoad {
        Require.notNegative("warmUp", warmUp);
        Require.within("votes", votes, 1, 1_000_000);
        Require.positive("interval", interval);
        Require.within("bulkBytes", bulkBytes, 1, Limits.defaults().maxPayloadSize());
    }
}
