/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.wire;

import java.nio.ByteBuffer;

/**
 * One frame of AptosNet's base wire, as {@link WireParser} reads it. Protocols are the numbers on the wire. Payloads are
 * read-only, with position 0, and equal if their bytes are.
 */
public sealed interface WireFrame {
    /** A message that expects no answer. */
    record DirectSend(int protocol, int priority, ByteBuffer payload) implements WireFrame {}

    /** A request. */
    record RpcRequest(int protocol, int requestId, int priority, ByteBuffer payload) implements WireFrame {}

    /** The response to a request. */
    record RpcResponse(int requestId, int priority, ByteBuffer payload) implements WireFrame {}

    /** The sender could not parse a frame that began with these two bytes. */
    record ParsingError(int firstByte, int secondByte) implements WireFrame {}

    /** The sender does not support requests of this protocol. */
    record RpcNotSupported(int protocol) implements WireFrame {}

    /** The sender does not support direct-send messages of this protocol. */
    record DirectSendNotSupported(int protocol) implements WireFrame {}

    /** A message with the first chunk of its payload; this many fragments follow. */
    record StreamHeader(int requestId, int fragments, WireFrame message) implements WireFrame {}

    /** A further chunk; fragments are numbered from 1. */
    record StreamFragment(int requestId, int fragmentId, ByteBuffer chunk) implements WireFrame {}
}
