/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.health;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * AptosNet's {@code HealthCheckerMsg}: the variant's index, then the nonce, least significant byte first (BCS).
 *
 * @param kind what it is
 * @param nonce 32 bits; an answer repeats that of its question
 */
record HealthCheckerMsg(Kind kind, int nonce) {
    private static final int BYTES = 1 + Integer.BYTES;
    private static final int MOST_SHOWN = 16;

    /** By variant index. */
    enum Kind {
        PING,
        PONG
    }

    /** A request or an answer with this payload. */
    @SuppressWarnings("EnumOrdinal") // the order is the wire's
    Message message() {
        ByteBuffer payload = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        payload.put((byte) kind.ordinal()).putInt(nonce);
        return Message.of(ProtocolId.HEALTH_CHECKER_RPC, 0, payload.flip());
    }

    /** What a message says, or nothing if that is no such thing. */
    static Optional<HealthCheckerMsg> of(Message message) {
        if (message.size() != BYTES) {
            return Optional.empty();
        }
        ByteBuffer payload = message.payload().order(ByteOrder.LITTLE_ENDIAN);
        int variant = payload.get();
        int nonce = payload.getInt();
        return variant >= 0 && variant < Kind.values().length
                ? Optional.of(new HealthCheckerMsg(Kind.values()[variant], nonce))
                : Optional.empty();
    }

    /** The first bytes of a message that is none, for people to read. */
    static String describe(Message message) {
        byte[] first = new byte[Math.min(message.size(), MOST_SHOWN)];
        message.copyPayload(0, ByteBuffer.wrap(first));
        return message.size() + " bytes, " + HexFormat.of().formatHex(first);
    }
}
