/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.ProtocolId;
import io.softclose.net.wire.MultiplexMessage.Message;
import io.softclose.net.wire.MultiplexMessage.StreamFragment;
import io.softclose.net.wire.MultiplexMessage.StreamHeader;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.NetworkMessage.RpcResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Messages of every shape, with the smallest and largest numbers. */
final class Samples {
    static final long MAX_U32 = 0xffff_ffffL;

    private Samples() {}

    static List<NetworkMessage> networkMessages() {
        return List.of(
                new NetworkMessage.Error(new ErrorCode.ParsingError(9, 5)),
                new NetworkMessage.Error(new ErrorCode.ParsingError(255, 0)),
                new NetworkMessage.Error(
                        new ErrorCode.NotSupported(new NotSupportedType.RpcRequest(ProtocolId.CONSENSUS_RPC_BCS))),
                new NetworkMessage.Error(
                        new ErrorCode.NotSupported(new NotSupportedType.DirectSendMsg(ProtocolId.UNKNOWN))),
                new RpcRequest(ProtocolId.CONSENSUS_RPC_BCS, 25, 0, Bytes.hex("00010203")),
                new RpcRequest(ProtocolId.CONSENSUS_OBSERVER_RPC, MAX_U32, 255, ByteBuffer.allocate(0)),
                new RpcResponse(0, 0, ByteBuffer.allocate(0)),
                new RpcResponse(MAX_U32, 255, Bytes.filled(300)),
                new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 0, Bytes.filled(11)),
                new DirectSendMsg(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 255, ByteBuffer.allocate(0)));
    }

    static List<MultiplexMessage> multiplexMessages() {
        List<MultiplexMessage> samples = new ArrayList<>();
        for (NetworkMessage message : networkMessages()) {
            samples.add(new Message(message));
            samples.add(new StreamHeader(0x01020304, 7, message));
        }
        samples.add(new StreamHeader(MAX_U32, 255, networkMessages().get(8)));
        samples.add(new StreamHeader(0, 0, networkMessages().get(8)));
        samples.add(new StreamFragment(0, 1, Bytes.filled(130)));
        samples.add(new StreamFragment(MAX_U32, 255, ByteBuffer.allocate(0)));
        return samples;
    }

    /** What is in a message's frame, without the length before it. */
    static ByteBuffer body(MultiplexMessage message) {
        ByteBuffer frame = MultiplexCodec.encodeFrame(message);
        return frame.position(FrameReader.PREFIX_BYTES).slice();
    }
}
