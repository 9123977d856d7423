/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import org.jspecify.annotations.Nullable;

/** Something about a network or a connection failed. The message says what, and what was expected. */
public class NetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure without an underlying cause. */
    public NetworkException(String message) {
        super(message);
    }

    /** A failure with its underlying cause, which may be null. */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public NetworkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
