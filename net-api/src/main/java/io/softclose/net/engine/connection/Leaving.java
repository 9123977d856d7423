/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import org.jspecify.annotations.Nullable;

/**
 * The connection has ended without a close, and its link is about to go. Loop only.
 *
 * @param how it ended
 */
record Leaving(Ended how) implements Phase, Phase.Ending {
    @Override
    public void advance() {}

    @Override
    public Leaving failed(Throwable thrown) {
        return this;
    }

    @Override
    public Ending linkGone(@Nullable Throwable cause) {
        return this;
    }

    @Override
    public Ended ended(@Nullable Throwable linkFailure) {
        return how;
    }
}
