/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

/**
 * Bytes from a peer are not what the wire format allows. The message says what came and what was expected. It has no
 * stack trace: a hostile peer decides how often it is thrown, and where it was thrown from says nothing about the peer.
 */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A rejection with what was wrong and what was expected. */
    public WireException(String message) {
        super(message, null, false, false);
    }
}
