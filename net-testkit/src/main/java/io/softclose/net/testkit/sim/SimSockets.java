/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.time.Duration;

/**
 * How the kernel and the event loops of one host treat its sockets.
 *
 * @param sendBuffer bytes a socket holds that its peer has not acknowledged; more are not taken
 * @param receiveBuffer bytes a socket holds that its owner has not read; the peer sends no more than fit
 * @param readBytes most bytes handed on by one read
 * @param shortTransfers the share of reads and writes, 0 to 1, that transfer less than they could
 * @param flushing whether a link has flushed what it took when it returns
 * @param flushDelay how long a link that flushes later waits at most, once before the kernel has the bytes and once
 *     more before it says so
 * @param unreadAfterReset what a reset does to input that had arrived before it and is not read
 */
public record SimSockets(
        int sendBuffer,
        int receiveBuffer,
        int readBytes,
        double shortTransfers,
        Flushing flushing,
        Duration flushDelay,
        UnreadAfterReset unreadAfterReset) {
    /** When a link has flushed what it took. */
    public enum Flushing {
        /** Within the write that takes it, as a link on a plain socket. */
        AT_ONCE,
        /** Some time after, as a link with a queue, or with a kernel that reads buffers later (io_uring). */
        LATER
    }

    /** What becomes of input that arrived, was not read, and is followed by a reset. */
    public enum UnreadAfterReset {
        /** It can still be read; the error comes after it. What Linux does. */
        READABLE,
        /** It is gone. What RFC 9293, section 3.10.7.4, and other kernels do. */
        DESTROYED
    }

    /** Checks the bounds. */
    public SimSockets {
        Require.positive("sendBuffer", sendBuffer);
        Require.positive("receiveBuffer", receiveBuffer);
        Require.positive("readBytes", readBytes);
        if (!(shortTransfers >= 0 && shortTransfers <= 1)) {
            throw new IllegalArgumentException("shortTransfers: " + shortTransfers + " (expected: 0 to 1)");
        }
        requireNonNull(flushing, "flushing");
        Require.notNegative("flushDelay", flushDelay);
        requireNonNull(unreadAfterReset, "unreadAfterReset");
    }

    /** Linux, with buffers of 256 KiB and no short transfers. */
    public static SimSockets linux() {
        return new SimSockets(
                256 * 1024, 256 * 1024, 64 * 1024, 0, Flushing.AT_ONCE, Duration.ZERO, UnreadAfterReset.READABLE);
    }

    /** The same with other buffers, in bytes. */
    public SimSockets withBuffers(int send, int receive) {
        return new SimSockets(send, receive, readBytes, shortTransfers, flushing, flushDelay, unreadAfterReset);
    }

    /** The same with reads of at most this many bytes, and this share of short reads and writes. */
    public SimSockets withTransfers(int mostRead, double shortShare) {
        return new SimSockets(sendBuffer, receiveBuffer, mostRead, shortShare, flushing, flushDelay, unreadAfterReset);
    }

    /** The same with links that flush later, each time within twice this delay. */
    public SimSockets flushingLater(Duration delay) {
        return new SimSockets(
                sendBuffer, receiveBuffer, readBytes, shortTransfers, Flushing.LATER, delay, unreadAfterReset);
    }

    /** The same with another rule for unread input. */
    public SimSockets withUnreadAfterReset(UnreadAfterReset rule) {
        return new SimSockets(sendBuffer, receiveBuffer, readBytes, shortTransfers, flushing, flushDelay, rule);
    }
}
