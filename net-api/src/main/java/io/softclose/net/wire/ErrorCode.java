/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

/** What one end tells the other about a message it could not take. The connection stays open. */
public sealed interface ErrorCode {
    /**
     * A frame could not be parsed.
     *
     * @param message the frame's first byte, 0 to 255
     * @param protocol the frame's second byte, 0 to 255
     */
    record ParsingError(int message, int protocol) implements ErrorCode {
        /** Checks both bytes. */
        public ParsingError {
            Unsigned.requireU8("message", message);
            Unsigned.requireU8("protocol", protocol);
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(0).u8(message).u8(protocol);
        }
    }

    /**
     * The message's kind is not supported on its protocol.
     *
     * @param type which kind, and which protocol
     */
    record NotSupported(NotSupportedType type) implements ErrorCode {
        /** Checks that there is a type. */
        public NotSupported {
            requireNonNull(type, "type");
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(1);
            type.write(out);
        }
    }

    /** Writes the BCS form. */
    void write(BcsWriter out);

    /**
     * Reads the BCS form.
     *
     * @throws WireException if the bytes are none
     */
    static ErrorCode read(BcsReader in) {
        if (in.variant("ErrorCode", 2) == 0) {
            return new ParsingError(in.u8("message"), in.u8("protocol"));
        }
        return new NotSupported(NotSupportedType.read(in));
    }
}
