/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.RequestAccount;
import io.softclose.net.RequestException.Failure;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many of our requests completed how. Any thread. */
final class RequestCounts {
    /** How a reply completed, and what else is counted: of probes, their number and their answers are. */
    enum Count {
        ANSWERED,
        NOT_SENT,
        UNANSWERED,
        TIMED_OUT,
        NOT_SUPPORTED,
        CANCELLED,
        IGNORED_ANSWER,
        PROBE,
        PROBE_ANSWERED
    }

    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    /** What is counted of a request that failed. */
    static Count of(Failure failure) {
        return switch (failure) {
            case NOT_SENT -> Count.NOT_SENT;
            case UNANSWERED -> Count.UNANSWERED;
            case TIMED_OUT -> Count.TIMED_OUT;
            case NOT_SUPPORTED -> Count.NOT_SUPPORTED;
            case REFUSED -> throw new IllegalArgumentException("failure: REFUSED (expected: of an accepted request)");
        };
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this run, kept nowhere
    void add(Count what) {
        counts.incrementAndGet(what.ordinal());
    }

    @SuppressWarnings("EnumOrdinal") // as above
    long get(Count what) {
        return counts.get(what.ordinal());
    }

    /** What became of them, without probes. */
    RequestAccount.Made account() {
        return new RequestAccount.Made(
                get(Count.ANSWERED),
                get(Count.NOT_SENT),
                get(Count.UNANSWERED),
                get(Count.TIMED_OUT),
                get(Count.NOT_SUPPORTED),
                get(Count.CANCELLED),
                get(Count.IGNORED_ANSWER));
    }
}
