/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.Waiting;
import java.net.SocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A listener whose accepted links are probed.
 *
 * @param listener closed by the test or with the transport
 * @param accepted probes of accepted links that nobody has taken yet
 */
public record Listening(Listener listener, BlockingQueue<LinkProbe> accepted) {
    /** Where to dial. */
    public SocketAddress address() {
        return listener.localAddress();
    }

    /** Waits for the next accepted link. */
    public LinkProbe next() {
        try {
            LinkProbe probe = accepted.poll(Waiting.SAFETY_NET.toNanos(), TimeUnit.NANOSECONDS);
            if (probe == null) {
                throw new AssertionError("no link accepted within " + Waiting.SAFETY_NET);
            }
            return probe;
        } catch (InterruptedException e) {
            throw Waiting.interrupted("an accepted link");
        }
    }
}
