/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.Payloads;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.util.Set;

/** The messages that the nodes send: numbered from 0 on, one in fifty of them urgent. */
final class Cargo {
    /** Every so many messages, from the first on, one is urgent. */
    static final int URGENT_EVERY = 50;

    /** The critical lane's, whatever the payload. */
    private static final ProtocolId URGENT = ProtocolId.CONSENSUS_DIRECT_SEND_JSON;
    /** The bulk lane's. */
    private static final ProtocolId COMMON = ProtocolId.MEMPOOL_DIRECT_SEND;

    static final Set<ProtocolId> PROTOCOLS = Set.of(URGENT, COMMON);

    private Cargo() {}

    static boolean urgent(int sequence) {
        return sequence % URGENT_EVERY == 0;
    }

    /** The message of this number. */
    static Message message(int sequence, int size) {
        return Message.of(urgent(sequence) ? URGENT : COMMON, 0, Payloads.of(sequence, size));
    }
}
