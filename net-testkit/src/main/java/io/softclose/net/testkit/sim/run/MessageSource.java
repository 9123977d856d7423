/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.evidence.SentPayload;
import io.softclose.net.testkit.sim.scenario.Hardship;
import io.softclose.net.testkit.sim.scenario.Scenario;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Random messages of one node, of every kind that there is. */
final class MessageSource {
    static final List<ProtocolId> PROTOCOLS = List.of(
            ProtocolId.CONSENSUS_DIRECT_SEND_BCS, ProtocolId.MEMPOOL_DIRECT_SEND, ProtocolId.DISCOVERY_DIRECT_SEND);

    private final SplittableRandom random;
    private final Limits limits;
    private final boolean large;
    private final UnaryOperator<Message> spoiling;
    private final int spoiled;
    private boolean lastIsReadable = true;

    /**
     * A node's messages.
     *
     * @param spoiling makes a message's payload one that cannot be read
     */
    MessageSource(SplittableRandom random, Limits limits, Scenario scenario, UnaryOperator<Message> spoiling) {
        this.random = random;
        this.limits = limits;
        this.spoiling = spoiling;
        large = scenario.has(Hardship.SLOW_PATH);
        spoiled = scenario.has(Hardship.UNREADABLE) ? 10 : 0;
    }

    /** The next message of one end of a connection. */
    Message next(LedgerSide side) {
        byte[] payload = SentPayload.make(
                (byte) random.nextInt(24),
                side.number(),
                /* number= */ side.sent().size(),
                Math.max(SentPayload.LEAST, size()));
        ProtocolId protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
        int priority = random.nextInt(Message.MAX_PRIORITY + 1);
        Message message = random.nextBoolean()
                ? Message.of(protocol, priority, payload)
                : Message.of(protocol, priority, ByteBuffer.wrap(payload));
        if (random.nextInt(6) == 0) {
            message = message.withTimeToLive(Duration.ofNanos(1 + random.nextLong(60_000_000)));
        }
        Message given = random.nextInt(100) < spoiled ? spoiling.apply(message) : message;
        lastIsReadable = given == message;
        return given;
    }

    /** One that never expires, and can be read. */
    Message lasting(LedgerSide side) {
        byte[] payload = SentPayload.make(
                (byte) random.nextInt(24),
                side.number(),
                /* number= */ side.sent().size(),
                Math.max(SentPayload.LEAST, size()));
        return Message.of(
                PROTOCOLS.get(random.nextInt(PROTOCOLS.size())), random.nextInt(Message.MAX_PRIORITY + 1), payload);
    }

    /** Whether the payload of the last message can be read. */
    boolean lastIsReadable() {
        return lastIsReadable;
    }

    private int size() {
        int chunk = limits.chunkSize();
        return switch (random.nextInt(20)) {
            case 0, 1 -> chunk + 1 + random.nextInt(large ? chunk : 6 * chunk);
            case 2, 3, 4 -> 1 + random.nextInt(chunk);
            default -> large ? 1 + random.nextInt(chunk) : random.nextInt(100);
        };
    }
}
