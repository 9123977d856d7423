/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What happened, in order. A fingerprint of all of it is always kept; the readable lines only if they are asked for, since
 * they cost more than the simulation itself.
 */
public final class SimTrace {
    private static final int MOST_LINES = 200_000;
    private static final long NONE = Long.MIN_VALUE;

    private final Deque<String> lines = new ArrayDeque<>();
    private boolean recording;
    private long fingerprint = 1;
    private long events;

    public void record() {
        recording = true;
    }

    /**
     * One event.
     *
     * @param nanos when
     * @param where a host, loop or link
     * @param what in a few words, a constant
     * @param number how many, or which
     */
    void add(long nanos, String where, String what, long number) {
        events++;
        fingerprint = mix(mix(mix(fingerprint, nanos), where.hashCode() * 31L + what.hashCode()), number);
        if (recording) {
            line(nanos, where, number == NONE ? what : what + " " + number);
        }
    }

    /** An event without a number. */
    void add(long nanos, String where, String what) {
        add(nanos, where, what, NONE);
    }

    /** An event described at length; callers describe it only while {@link #recording}. */
    void line(long nanos, String where, String text) {
        if (recording) {
            if (lines.size() == MOST_LINES) {
                lines.remove();
            }
            lines.add(String.format("%16.6f ms  %-22s %s", nanos / 1e6, where, text));
        }
    }

    boolean recording() {
        return recording;
    }

    public long fingerprint() {
        return fingerprint;
    }

    long events() {
        return events;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }
}
