/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.net.Limits;
import java.util.List;

/**
 * On what terms a {@link Way} is measured.
 *
 * @param payloadBytes each message's payload
 * @param ownPayloads whether each message has an array of its own, as an application's has, or all of them share one
 * @param outboxMessages how many messages may wait in the sending process before the next send does; 1 or more
 * @param outboxBytes the same in payload bytes, for those that have such a bound
 */
public record Terms(int payloadBytes, boolean ownPayloads, int outboxMessages, long outboxBytes) {
    /** Checks what the limits check, too. */
    public Terms {
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("payload: " + payloadBytes + " (expected: not negative)");
        }
        limits(outboxMessages, outboxBytes);
    }

    /** The limits of a connection of ours. */
    Limits limits() {
        return limits(outboxMessages, outboxBytes);
    }

    private static Limits limits(int messages, long bytes) {
        return Limits.builder().outboxMessages(messages).outboxBytes(bytes).build();
    }

    /** As words of a command line. */
    List<String> words() {
        return List.of("" + payloadBytes, "" + ownPayloads, "" + outboxMessages, "" + outboxBytes);
    }

    /** What {@link #words} has written. */
    static Terms of(List<String> words) {
        return new Terms(
                Integer.parseInt(words.get(0)),
                Boolean.parseBoolean(words.get(1)),
                Integer.parseInt(words.get(2)),
                Long.parseLong(words.get(3)));
    }
}
