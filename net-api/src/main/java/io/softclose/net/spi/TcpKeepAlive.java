/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.time.Duration;

/**
 * When a system asks a silent peer whether it is still there, in TCP's own words (RFC 1122, section 4.2.3.6). A setting of
 * transports. A peer that has vanished is gone after {@code idle} and {@code interval} times {@code probes}, if nothing is
 * written to it before.
 *
 * @param idle for how long nothing must have come before the first question (TCP_KEEPIDLE); whole seconds, 1 to 32 767
 * @param interval between questions (TCP_KEEPINTVL); whole seconds, 1 to 32 767
 * @param probes how many questions may have no answer (TCP_KEEPCNT); 1 to 127
 */
public record TcpKeepAlive(Duration idle, Duration interval, int probes) {
    /** Linux's bounds. */
    private static final int MOST_SECONDS = 32_767;

    private static final int MOST_PROBES = 127;

    /** Checks the bounds. */
    public TcpKeepAlive {
        requireSeconds("idle", idle);
        requireSeconds("interval", interval);
        Require.within("probes", probes, 1, MOST_PROBES);
    }

    private static void requireSeconds(String name, Duration time) {
        if (time.getNano() != 0 || time.getSeconds() < 1 || time.getSeconds() > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    name + ": " + time + " (expected: whole seconds, 1 to " + MOST_SECONDS + ")");
        }
    }
}
