/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.spy;

import io.softclose.net.Message;
import java.nio.ByteBuffer;

/** Messages whose payload cannot be read, as that of a mapped file that was cut, or of an arena that was closed. */
final class Unreadable {
    /** What reading throws, as a text. */
    static final String FAULT = "java.lang.InternalError: deliberate";

    private Unreadable() {}

    /** The same message, of whose payload not a byte can be read. */
    static Message all(Message message) {
        return from(0, message);
    }

    /** The same message, of whose payload the byte at this index and all after it cannot be read. */
    static Message from(int index, Message message) {
        Message unreadable = spy(message);
        doAnswer(call -> {
                    int from = call.getArgument(0);
                    ByteBuffer target = call.getArgument(1);
                    int to = Math.min(message.size(), from + target.remaining());
                    if (to > index) {
                        throw new InternalError("deliberate");
                    }
                    return message.copyPayload(from, target);
                })
                .when(unreadable)
                .copyPayload(anyInt(), any());
        return unreadable;
    }
}
