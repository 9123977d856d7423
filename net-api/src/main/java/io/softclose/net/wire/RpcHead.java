/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ProtocolId;

/** What a request or a response says before its payload. */
public sealed interface RpcHead {
    /**
     * A request's.
     *
     * @param protocol the application protocol
     * @param requestId names the response's request, 0 to 2^32 - 1
     * @param priority 0 to 255
     */
    record Request(ProtocolId protocol, long requestId, int priority) implements RpcHead {
        /** Checks the numbers' ranges. */
        public Request {
            requireNonNull(protocol, "protocol");
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("priority", priority);
        }
    }

    /**
     * A response's.
     *
     * @param requestId the request's, 0 to 2^32 - 1
     * @param priority 0 to 255
     */
    record Response(long requestId, int priority) implements RpcHead {
        /** Checks the numbers' ranges. */
        public Response {
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("priority", priority);
        }
    }
}
