/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** Something about a network or a connection failed. The message says what, and what was expected. */
public class NetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure without an underlying cause. */
    public NetworkException(String message) {
        super(message);
    }

    /** A failure with its underlying cause. */
    public NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
