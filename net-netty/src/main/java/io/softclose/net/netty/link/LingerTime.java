/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

/**
 * How long a link may still linger: a while from the last sign of life, and longer in no case. Times are by any clock that
 * counts nanoseconds; the two spans may be as long as one can count.
 */
final class LingerTime {
    private final long idleNanos;
    private final long mostNanos;
    private final long began;
    private long lastSign;

    /**
     * Begins with a sign of life.
     *
     * @param idleNanos how long there may be none
     * @param mostNanos how long it may take altogether
     */
    LingerTime(long idleNanos, long mostNanos, long now) {
        this.idleNanos = idleNanos;
        this.mostNanos = mostNanos;
        began = now;
        lastSign = now;
    }

    /** Something has happened then, now or before. */
    void sign(long then) {
        if (then - lastSign > 0) {
            lastSign = then;
        }
    }

    /** How long until it is over, if nothing happens; 0 if it is. */
    long left(long now) {
        return Math.max(0, Math.min(idleNanos - (now - lastSign), mostNanos - (now - began)));
    }
}
