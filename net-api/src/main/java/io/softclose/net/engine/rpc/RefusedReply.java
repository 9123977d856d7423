/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.SendResult;
import io.softclose.net.engine.OffLoopFuture;

/** The reply to a request that was not accepted. */
public final class RefusedReply extends OffLoopFuture<Message> implements Reply {
    /** Of a request that was refused for this reason. */
    public RefusedReply(Message request, SendResult reason) {
        completeExceptionally(RequestException.refused(request, reason));
    }

    @Override
    public boolean cancel() {
        return false;
    }
}
