/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

/**
 * AptosNet's numbers for the variants of its enums, in the order in which its source declares them, which is what BCS
 * writes: {@code MultiplexMessage}, {@code StreamMessage} and {@code NetworkMessage}; and the sizes, in bytes, of what
 * each message has before its payload's length.
 */
final class Variants {
    // MultiplexMessage.
    static final int MESSAGE = 0;
    static final int STREAM = 1;
    /** How many variants it has. */
    static final int MULTIPLEX_MESSAGES = 2;

    // StreamMessage.
    static final int HEADER = 0;
    static final int FRAGMENT = 1;
    /** How many variants it has. */
    static final int STREAM_MESSAGES = 2;

    // NetworkMessage.
    static final int ERROR = 0;
    static final int RPC_REQUEST = 1;
    static final int RPC_RESPONSE = 2;
    static final int DIRECT_SEND = 3;
    /** How many variants it has. */
    static final int NETWORK_MESSAGES = 4;

    /** {@code Message(DirectSendMsg)}: two variants, protocol, priority. */
    static final int DIRECT_SEND_BYTES = 4;
    /** {@code Message(RpcRequest)}: two variants, protocol, id, priority. */
    static final int RPC_REQUEST_BYTES = 8;
    /** {@code Message(RpcResponse)}: two variants, id, priority. */
    static final int RPC_RESPONSE_BYTES = 7;
    /** {@code Stream(Header)} of a direct send: two variants, stream's id, count; then variant, protocol, priority. */
    static final int STREAM_HEADER_BYTES = 10;
    /** What {@code Stream(Header)} has more than a whole message: a variant, stream's id, count. */
    static final int STREAM_BYTES = 6;
    /** {@code Stream(Fragment)}: two variants, stream's id, fragment's id. */
    static final int FRAGMENT_BYTES = 7;

    private Variants() {}
}
