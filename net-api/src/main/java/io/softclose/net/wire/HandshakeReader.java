/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the handshake message at the start of one connection's inbound bytes: a length of two bytes, most significant
 * first, then that many bytes. The heap it holds grows with the bytes that have arrived. Not thread-safe.
 */
public final class HandshakeReader {
    private final Assembly body = new Assembly();
    private final KnownProtocols known;
    private int prefixCount;
    /** As far as it has arrived; whole once {@link #prefixCount} is {@link HandshakeMsg#PREFIX_BYTES}. */
    private int messageSize;

    private boolean done;

    /**
     * A reader at the start of a connection.
     *
     * @param known the protocols whose bits mean anything
     */
    public HandshakeReader(KnownProtocols known) {
        this.known = known;
    }

    /**
     * Takes bytes that follow those of earlier calls.
     *
     * @param data consumed up to the message's last byte; what follows belongs to the frames and stays
     * @return the message once it is complete, null before
     * @throws WireException if the bytes are no handshake message
     * @throws IllegalStateException if the message has been returned or rejected before
     */
    public @Nullable HandshakeMsg feed(ByteBuffer data) {
        if (done) {
            throw new IllegalStateException("handshake: already read (expected: one per connection)");
        }
        while (prefixCount < HandshakeMsg.PREFIX_BYTES) {
            if (!data.hasRemaining()) {
                return null;
            }
            messageSize = (messageSize << Byte.SIZE) | (data.get() & 0xff);
            prefixCount++;
        }
        if (!body.take(data, messageSize)) {
            return null;
        }
        done = true;
        return HandshakeMsg.decode(body.release(), known);
    }
}
