/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

/** Bytes are no message of a validator's; the text says what was found and what was expected. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With this text. */
    public MalformedMessageException(String message) {
        super(message);
    }

    /** With this text, for what a value was refused for. */
    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
