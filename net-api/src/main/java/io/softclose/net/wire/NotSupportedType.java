/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static java.util.Objects.requireNonNull;

import io.softclose.net.ProtocolId;

/** Which kind of message was not supported. The constants' order is that of the BCS variant indices. */
public sealed interface NotSupportedType {
    /** A request on a protocol that nothing serves here. */
    record RpcRequest(ProtocolId protocolId) implements NotSupportedType {
        /** Checks that there is a protocol. */
        public RpcRequest {
            requireNonNull(protocolId, "protocolId");
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(0).protocolId(protocolId);
        }
    }

    /** A direct-send message on a protocol that nothing handles here. */
    record DirectSendMsg(ProtocolId protocolId) implements NotSupportedType {
        /** Checks that there is a protocol. */
        public DirectSendMsg {
            requireNonNull(protocolId, "protocolId");
        }

        @Override
        public void write(BcsWriter out) {
            out.variant(1).protocolId(protocolId);
        }
    }

    /** The protocol the message was on. */
    ProtocolId protocolId();

    /** Writes the BCS form. */
    void write(BcsWriter out);

    /**
     * Reads the BCS form.
     *
     * @throws WireException if the bytes are none
     */
    static NotSupportedType read(BcsReader in) {
        int variant = in.variant("NotSupportedType", 2);
        ProtocolId protocol = in.protocolId();
        return variant == 0 ? new RpcRequest(protocol) : new DirectSendMsg(protocol);
    }
}
