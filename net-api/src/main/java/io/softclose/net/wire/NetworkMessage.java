/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ProtocolId;
import java.nio.ByteBuffer;

/**
 * A message of AptosNet messaging v1. Buffers are shared with whoever made the record. From then on, nobody but the
 * record's last owner changes their bytes, positions and limits.
 */
public sealed interface NetworkMessage {
    /**
     * The answer to a message that could not be taken.
     *
     * @param code what was wrong with it
     */
    @SuppressWarnings("JavaLangClash") // AptosNet's name
    record Error(ErrorCode code) implements NetworkMessage {
        /** Checks that there is a code. */
        public Error {
            requireNonNull(code, "code");
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.ERROR);
            code.write(out);
        }
    }

    /** A message that carries bytes of the application, and so may be streamed in chunks of them. */
    sealed interface PayloadMessage extends NetworkMessage {
        /** The application's bytes, or the chunk of them that is here. */
        ByteBuffer payload();

        /** The same message with other application bytes. */
        PayloadMessage withPayload(ByteBuffer payload);
    }

    /**
     * A request that expects a response.
     *
     * @param protocolId the application protocol
     * @param requestId names the response's request, 0 to 2^32 - 1
     * @param priority 0 to 255; higher is more urgent
     * @param rawRequest the application's bytes
     */
    record RpcRequest(ProtocolId protocolId, long requestId, int priority, ByteBuffer rawRequest)
            implements PayloadMessage {
        /** Checks the numbers' ranges. */
        public RpcRequest {
            requireNonNull(protocolId, "protocolId");
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("priority", priority);
            requireNonNull(rawRequest, "rawRequest");
        }

        @Override
        public ByteBuffer payload() {
            return rawRequest;
        }

        @Override
        public RpcRequest withPayload(ByteBuffer payload) {
            return new RpcRequest(protocolId, requestId, priority, payload);
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.RPC_REQUEST)
                    .protocolId(protocolId)
                    .u32(requestId)
                    .u8(priority)
                    .bytes(rawRequest);
        }
    }

    /**
     * The response to a request.
     *
     * @param requestId the request's, 0 to 2^32 - 1
     * @param priority 0 to 255; higher is more urgent
     * @param rawResponse the application's bytes
     */
    record RpcResponse(long requestId, int priority, ByteBuffer rawResponse) implements PayloadMessage {
        /** Checks the numbers' ranges. */
        public RpcResponse {
            Unsigned.requireU32("requestId", requestId);
            Unsigned.requireU8("priority", priority);
            requireNonNull(rawResponse, "rawResponse");
        }

        @Override
        public ByteBuffer payload() {
            return rawResponse;
        }

        @Override
        public RpcResponse withPayload(ByteBuffer payload) {
            return new RpcResponse(requestId, priority, payload);
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.RPC_RESPONSE).u32(requestId).u8(priority).bytes(rawResponse);
        }
    }

    /**
     * A message that expects no response.
     *
     * @param protocolId the application protocol
     * @param priority 0 to 255; higher is more urgent
     * @param rawMsg the application's bytes
     */
    record DirectSendMsg(ProtocolId protocolId, int priority, ByteBuffer rawMsg) implements PayloadMessage {
        /** Checks the priority's range. */
        public DirectSendMsg {
            requireNonNull(protocolId, "protocolId");
            Unsigned.requireU8("priority", priority);
            requireNonNull(rawMsg, "rawMsg");
        }

        @Override
        public ByteBuffer payload() {
            return rawMsg;
        }

        @Override
        public DirectSendMsg withPayload(ByteBuffer payload) {
            return new DirectSendMsg(protocolId, priority, payload);
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(Variants.DIRECT_SEND)
                    .protocolId(protocolId)
                    .u8(priority)
                    .bytes(rawMsg);
        }
    }

    /** How many bytes of the application it carries; none for an {@link Error}. */
    default int payloadSize() {
        return this instanceof PayloadMessage carrier ? carrier.payload().remaining() : 0;
    }

    /** Writes the BCS form. */
    void write(BcsWriter out);

    /**
     * Reads the BCS form.
     *
     * @return a message whose buffer is a copy of its own
     * @throws WireException if the bytes are none
     */
    static NetworkMessage read(BcsReader in) {
        return switch (in.variant("NetworkMessage", Variants.NETWORK_MESSAGES)) {
            case Variants.ERROR -> new Error(ErrorCode.read(in));
            case Variants.RPC_REQUEST ->
                new RpcRequest(in.protocolId(), in.u32("request_id"), in.u8("priority"), in.bytes("raw_request"));
            case Variants.RPC_RESPONSE ->
                new RpcResponse(in.u32("request_id"), in.u8("priority"), in.bytes("raw_response"));
            default -> new DirectSendMsg(in.protocolId(), in.u8("priority"), in.bytes("raw_msg"));
        };
    }
}
