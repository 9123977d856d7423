/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/**
 * The reply to a request that was made with {@link Connection#request}. It completes exactly once: with the peer's answer,
 * whose protocol is the request's; with a {@link RequestException} that says why there is none; or, if the caller {@linkplain
 * #cancel cancels} it, with a {@link CancellationException}.
 *
 * <p>It completes on the connection's event loop, unless it is refused or cancelled, which is at once. Like every stage of
 * a connection's, it refuses to be waited for on an event loop.
 */
public interface Reply extends CompletionStage<Message> {
    /**
     * Gives up. A request that still waits is taken back: the peer never sees it. One that has left goes on, and its
     * answer is dropped. Callable from any thread, any number of times.
     *
     * @return whether the reply is cancelled; false if it was complete before
     */
    boolean cancel();
}
