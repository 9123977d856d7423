/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.nio.channels.Channel;

/** Closing channels for good. */
final class Channels {
    private static final System.Logger LOG = System.getLogger(Channels.class.getName());

    private Channels() {}

    /** Closes a channel of which nothing more is expected: a failure tells nobody anything new. */
    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            LOG.log(DEBUG, () -> "closing " + channel + " failed", failed);
        }
    }
}
