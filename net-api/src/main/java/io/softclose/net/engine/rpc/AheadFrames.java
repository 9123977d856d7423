/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.Message;
import io.softclose.net.wire.FrameHeads;
import io.softclose.net.wire.RpcHead;
import java.nio.ByteBuffer;

/** Frames of small requests and answers that go before all lanes. */
final class AheadFrames {
    private AheadFrames() {}

    /** A frame of its own memory, whatever becomes of the message's payload; what reading that throws reaches the caller. */
    static ByteBuffer of(RpcHead head, Message message) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeads.MAX_BYTES + message.size());
        FrameHeads.putRpc(frame, head, message.size());
        message.copyPayload(0, frame);
        return frame.flip();
    }
}
