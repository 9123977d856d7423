/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.node.fixture.Node;
import io.softclose.net.testkit.node.fixture.Nodes;
import io.softclose.net.testkit.node.fixture.Numbered;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that reads no more than so much a second; part of {@link NodeContract}. */
public interface InboundRateContract {
    /** Some more than a second's worth, so that the node rests; its peers notice nothing but that. */
    @Test
    default void aPeerThatSendsFasterThanItMayIsReadLaterAndLosesNothing(Nodes nodes) throws IOException {
        int rate = 500;
        int messages = rate + 50;
        Node slow = nodes.node(builder -> builder.limits(Limits.builder()
                .inboundMessagesPerSecond(rate)
                .inboundBytesPerSecond(rate * 1_000L)
                .writeTimeout(Duration.ofSeconds(20))
                .build()));
        Node fast = nodes.node(builder -> builder.limits(Nodes.outboxOf(messages)));
        Nodes.Pair pair = Nodes.connect(fast, slow);

        Numbered.sendAll(pair.dialled(), messages, 900);
        Numbered.sendAll(pair.accepted(), 10, 900);
        CloseReport report = Waiting.await(pair.dialled().close(), "the close");

        assertTrue(report.lossless(), report::toString);
        assertEquals(Numbered.upTo(messages), Numbered.numbersOf(slow.takeReceived()));
        assertEquals(Numbered.upTo(10), Numbered.numbersOf(fast.takeReceived()));
        CloseReport other = Waiting.await(pair.accepted().closed(), "the other end");
        assertEquals(DisconnectReason.CONNECTION_CLOSED, other.reason(), other::toString);
        assertEquals(10, other.account().count(Outcome.WRITTEN), other::toString);
    }
}
