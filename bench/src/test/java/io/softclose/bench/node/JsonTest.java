/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.Json;
import io.softclose.net.Account;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.DisconnectReason;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.RequestAccount;
import io.softclose.net.ReturnedMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Message HELLO =
            Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 7, "hello world".getBytes(StandardCharsets.US_ASCII));

    @Test
    void aMessageIsToldByProtocolPriorityLengthAndChecksum() throws Exception {
        assertEquals(MAPPER.readTree("""
                        {"protocol": "MempoolDirectSend", "priority": 7, "length": 11, "crc32": "0d4a1185"}"""), MAPPER.readTree(Json.object(json -> Json.message(json, HELLO))));
    }

    @Test
    void aReportHasItsWholeAccountAndEveryReturnedMessage() throws Exception {
        CloseReport report = new CloseReport(
                3,
                PeerId.parse("ab".repeat(PeerId.LENGTH)),
                DisconnectReason.STALE_CONNECTION,
                "graceful",
                CloseEnding.DEADLINE,
                "the deadline passed",
                Duration.ofMillis(1500),
                new Account(List.of(new LaneAccount("default", 4, Map.of(Outcome.WRITTEN, 2L, Outcome.UNSENT, 1L)))),
                new RequestAccount(
                        new RequestAccount.Made(1, 2, 3, 4, 5, 6, 7), new RequestAccount.Received(8, 9, 10, 11, 12)),
                List.of(new ReturnedMessage(HELLO, Outcome.UNSENT, "default")),
                List.of(),
                13,
                Optional.of(new IOException("reset")));

        JsonNode json = MAPPER.readTree(Json.object(generator -> Json.report(generator, report)));

        String account = """
                "accepted": 4, "pending": 1, "outcomes": {"DELIVERED": 0, "WRITTEN": 2, "UNCERTAIN": 0,
                                                          "UNSENT": 1, "DISCARDED": 0, "EXPIRED": 0,
                                                          "HANDED_OVER": 0}""";
        assertEquals(MAPPER.readTree("""
                        {"report": {"connection": 3, "peer": "%s", "reason": "STALE_CONNECTION",
                          "policy": "graceful", "ending": "DEADLINE", "clean": false,
                          "detail": "the deadline passed", "durationMillis": 1500.0, "balanced": false,
                          "total": {%s},
                          "lanes": [{"lane": "default", %s}],
                          "requests": {"made": {"answered": 1, "notSent": 2, "unanswered": 3, "timedOut": 4,
                              "notSupported": 5, "cancelled": 6, "ignoredAnswers": 7},
                            "received": {"answered": 8, "timedOut": 9, "failed": 10, "cutOff": 11, "turnedAway": 12}},
                          "unhandled": 13,
                          "returned": [{"outcome": "UNSENT", "resend": "SAFE", "lane": "default",
                            "protocol": "MempoolDirectSend", "priority": 7, "length": 11, "crc32": "0d4a1185"}],
                          "error": "java.io.IOException: reset"}}""".formatted("ab".repeat(PeerId.LENGTH), account, account)), json);
    }

    @Test
    void anEventIsOneLine() throws Exception {
        StringWriter text = new StringWriter();
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        EventLog log = new EventLog(new PrintWriter(text), InstantSource.fixed(noon));

        log.print("greeting", json -> json.writeStringField("text", "two\nlines"));

        assertTrue(log.close(Duration.ofSeconds(60)));
        assertEquals("""
                {"event":"greeting","time":"2026-01-01T12:00:00Z","text":"two\\nlines"}""" + System.lineSeparator(), text.toString());
    }
}
