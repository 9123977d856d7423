/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a dialled link did not come up, for whoever writes a transport: what {@link LinkHandler#onClosed} is told then, and
 * applications read. Each names what was dialled. None throws: if there is no memory to say more, it answers the least that
 * is known.
 */
public final class DialFailure {
    private DialFailure() {}

    /** The address is a name, which transports do not look up. */
    public static Throwable unresolved(InetSocketAddress remote) {
        try {
            return new UnknownHostException(remote.getHostString());
        } catch (OutOfMemoryError instead) {
            return instead;
        }
    }

    /**
     * Nobody answered in time.
     *
     * @param before what an attempt failed with that was made again; null if there was none
     */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    public static Throwable late(SocketAddress remote, Duration timeout, @Nullable Throwable before) {
        try {
            Throwable late = new SocketTimeoutException("dial " + remote + ": no answer within " + timeout);
            return before == null ? late : late.initCause(before);
        } catch (OutOfMemoryError instead) {
            return instead;
        }
    }

    /** The other end refused it, or this system did: there is no socket, or the address is one that it cannot be given. */
    public static Throwable refused(SocketAddress remote, Throwable cause) {
        try {
            String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return new ConnectException("dial " + remote + ": " + reason).initCause(cause);
        } catch (OutOfMemoryError instead) {
            return cause;
        }
    }
}
