/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.Payloads;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is sent, over what link, and when the sender closes.
 *
 * @param name for the command line and the table
 * @param messages how many messages of the common size are sent
 * @param size their payload in bytes
 * @param streamedSize payload in bytes of one more message, sent first, that is too long for one frame; 0 for none
 * @param throttle how the sender's link is slowed, if it is
 * @param protocols of its messages, in turn
 * @param closeAfter from the first send to the close; all messages are sent by then
 */
public record Scenario(
        String name,
        int messages,
        int size,
        int streamedSize,
        Optional<Throttle> throttle,
        List<ProtocolId> protocols,
        Duration closeAfter) {
    /** Carries every message, because it is consensus messages that the audit saw lost. */
    static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    /**
     * Bytes of a frame before a payload of 1 to 127 bytes: length (4), variants of MultiplexMessage and NetworkMessage,
     * protocol, priority, payload length (1 each).
     */
    private static final int FRAME_HEAD = 9;

    private static final int SMALL = 100;

    /** The audit's: 100 messages, each write slowed by 10 ms, closed after 50 ms. A write is one message's frame. */
    static final Scenario PROOF_OF_CONCEPT = new Scenario(
            "proof-of-concept",
            100,
            SMALL,
            0,
            Optional.of(new Throttle(FRAME_HEAD + SMALL, Duration.ofMillis(10))),
            List.of(PROTOCOL),
            Duration.ofMillis(50));

    /**
     * Consensus messages among others, over the same slow link: of ten, to <em>consensus-priority</em>, two are critical, three
     * recoverable and five bulk. A policy with one lane sends them as they came. It is run only if it is named.
     */
    static final Scenario MIXED = new Scenario(
            "mixed",
            200,
            SMALL,
            0,
            Optional.of(new Throttle(FRAME_HEAD + SMALL, Duration.ofMillis(10))),
            mix(),
            Duration.ofMillis(50));

    /** As many messages as AptosNet queues, and one that is streamed in five frames. */
    static final Scenario BACKLOG_1024 =
            new Scenario("backlog-1024", 1024, 1024, 16 << 20, Optional.empty(), List.of(PROTOCOL), Duration.ZERO);

    /** 100 MB in small messages: more than the kernel's buffers of both ends hold. */
    static final Scenario BACKLOG_100000 =
            new Scenario("backlog-100000", 100_000, 1024, 0, Optional.empty(), List.of(PROTOCOL), Duration.ZERO);

    /** Those that are run if none is named, shortest first. */
    public static final List<Scenario> USUAL = List.of(PROOF_OF_CONCEPT, BACKLOG_1024, BACKLOG_100000);

    /** All that can be named. */
    public static final List<Scenario> ALL = List.of(PROOF_OF_CONCEPT, BACKLOG_1024, BACKLOG_100000, MIXED);

    /** Checks that there is a protocol. */
    public Scenario {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one)");
        }
    }

    private static List<ProtocolId> mix() {
        // Bulk first, as if it had waited longest.
        List<ProtocolId> mix = new ArrayList<>(Collections.nCopies(5, ProtocolId.MEMPOOL_DIRECT_SEND));
        mix.addAll(Collections.nCopies(3, ProtocolId.CONSENSUS_OBSERVER));
        mix.addAll(Collections.nCopies(2, ProtocolId.CONSENSUS_DIRECT_SEND_JSON));
        return mix;
    }

    /** The protocols that both nodes support. */
    Set<ProtocolId> supported() {
        return Set.copyOf(protocols);
    }

    /** How many messages are sent. */
    int count() {
        return messages + (streamedSize > 0 ? 1 : 0);
    }

    /** The message of a sequence number, from 0 to {@link #count()}. */
    public Message message(int sequence) {
        int length = sequence == 0 && streamedSize > 0 ? streamedSize : size;
        return Message.of(protocols.get(sequence % protocols.size()), 0, Payloads.of(sequence, length));
    }
}
