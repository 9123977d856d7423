/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.socket;

import static java.lang.System.Logger.Level.DEBUG;

import io.softclose.net.nio.base.SafeLogger;
import java.io.Closeable;

/** Closing channels and selectors for good. */
public final class Channels {
    private static final SafeLogger LOG = SafeLogger.ofModule();

    private Channels() {}

    /** Closes one of which nothing more is expected: a failure tells nobody anything new. */
    public static void close(Closeable channel) {
        try {
            channel.close();
        } catch (Throwable failed) {
            LOG.log(DEBUG, "closing a channel failed", failed);
        }
    }
}
