/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import io.softclose.net.spi.Link;
import io.softclose.net.spi.Link.Reading;
import io.softclose.net.testkit.LinkProbe.Event;

/**
 * The two ends of a link.
 *
 * @param dialled the end that dialled
 * @param accepted the end that was accepted
 */
public record LinkPair(LinkProbe dialled, LinkProbe accepted) {
    /** Has the accepted end do what brings the dialled end this event. */
    public void provoke(Event event) {
        switch (event) {
            case CONNECTED -> {
                // Happens by itself.
            }
            case READ -> accepted.send(new byte[] {1});
            case WRITABLE -> {
                accepted.run(link -> link.reading(Reading.PAUSED));
                dialled.fill(new byte[64 * 1024]);
                accepted.run(link -> link.reading(Reading.RESUMED));
            }
            case INPUT_CLOSED -> accepted.run(Link::shutdownOutput);
            case CLOSED -> dialled.run(Link::close);
        }
    }

    /** Sends a few bytes each way and waits for them: shows that the link lives. */
    public void assertAlive() {
        int there = accepted.receivedBytes();
        int back = dialled.receivedBytes();
        dialled.send(new byte[] {1, 2, 3});
        accepted.awaitReceived(there + 3);
        accepted.send(new byte[] {4, 5, 6, 7});
        dialled.awaitReceived(back + 4);
    }
}
