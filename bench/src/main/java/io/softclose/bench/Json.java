/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.net.Account;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.LaneAccount;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.PeerAccount;
import io.softclose.net.RequestAccount;
import io.softclose.net.ReturnedMessage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Reports and messages as JSON. */
public final class Json {
    /** Writes part of a document. */
    @FunctionalInterface
    public interface Body {
        /** Writes into the object that is open. */
        void write(JsonGenerator json) throws IOException;
    }

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One JSON object on one line. */
    public static String object(Body fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return text.toString();
    }

    /** Writes a report as the object {@code report}. */
    public static void report(JsonGenerator json, CloseReport report) throws IOException {
        json.writeFieldName("report");
        write(json, report);
    }

    /** Writes reports, each an object, as the array of this name. */
    public static void reports(JsonGenerator json, String name, List<CloseReport> reports) throws IOException {
        json.writeArrayFieldStart(name);
        for (CloseReport report : reports) {
            write(json, report);
        }
        json.writeEndArray();
    }

    /** Writes messages that came back as the array {@code returned}. */
    public static void returned(JsonGenerator json, List<ReturnedMessage> messages) throws IOException {
        json.writeArrayFieldStart("returned");
        for (ReturnedMessage message : messages) {
            returned(json, message);
        }
        json.writeEndArray();
    }

    /** Writes a peer's account as the object {@code account}. */
    public static void account(JsonGenerator json, PeerAccount account) throws IOException {
        json.writeObjectFieldStart("account");
        json.writeBooleanField("balanced", account.balanced());
        json.writeNumberField("waiting", account.waiting());
        json.writeNumberField("handedOver", account.handedOver());
        account(json, account.messages());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, CloseReport report) throws IOException {
        json.writeStartObject();
        json.writeNumberField("connection", report.connectionId());
        json.writeStringField("peer", report.peer().toString());
        json.writeStringField("reason", report.reason().name());
        json.writeStringField("policy", report.policy());
        json.writeStringField("ending", report.ending().name());
        json.writeBooleanField("clean", report.clean());
        json.writeStringField("detail", report.detail());
        json.writeNumberField("durationMillis", millis(report.duration()));
        json.writeBooleanField("balanced", report.account().balanced());
        account(json, report.account());
        requests(json, report.requests());
        json.writeNumberField("unhandled", report.unhandled());
        returned(json, report.returned());
        if (report.error().isPresent()) {
            json.writeStringField("error", report.error().get().toString());
        }
        json.writeEndObject();
    }

    /** Writes what is known of a connection that has no report yet. */
    public static void unfinished(JsonGenerator json, Connection connection) throws IOException {
        json.writeNumberField("connection", connection.id());
        json.writeStringField("peer", connection.peer().toString());
        json.writeStringField("state", connection.state().name());
        account(json, connection.account());
    }

    /** Writes what tells messages apart: protocol, priority, length and the payload's CRC-32 in hexadecimal. */
    public static void message(JsonGenerator json, Message message) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(message.payload());
        json.writeStringField("protocol", message.protocol().name());
        json.writeNumberField("priority", message.priority());
        json.writeNumberField("length", message.size());
        json.writeStringField("crc32", "%08x".formatted(crc.getValue()));
    }

    /** Writes counts of outcomes, in the order of their declaration, as the object {@code outcomes}. */
    public static void outcomes(JsonGenerator json, Map<Outcome, Long> counts) throws IOException {
        json.writeObjectFieldStart("outcomes");
        for (Outcome outcome : Outcome.values()) {
            json.writeNumberField(outcome.name(), counts.getOrDefault(outcome, 0L));
        }
        json.writeEndObject();
    }

    /** A duration in milliseconds. */
    public static double millis(Duration duration) {
        return duration.toNanos() / 1_000_000.0;
    }

    private static void account(JsonGenerator json, Account account) throws IOException {
        json.writeObjectFieldStart("total");
        account(json, account.total());
        json.writeEndObject();
        json.writeArrayFieldStart("lanes");
        for (LaneAccount lane : account.lanes()) {
            json.writeStartObject();
            json.writeStringField("lane", lane.lane());
            account(json, lane);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void account(JsonGenerator json, LaneAccount account) throws IOException {
        json.writeNumberField("accepted", account.accepted());
        json.writeNumberField("pending", account.pending());
        outcomes(json, account.outcomes());
    }

    private static void requests(JsonGenerator json, RequestAccount requests) throws IOException {
        RequestAccount.Made made = requests.made();
        RequestAccount.Received received = requests.received();
        json.writeObjectFieldStart("requests");
        json.writeObjectFieldStart("made");
        json.writeNumberField("answered", made.answered());
        json.writeNumberField("notSent", made.notSent());
        json.writeNumberField("unanswered", made.unanswered());
        json.writeNumberField("timedOut", made.timedOut());
        json.writeNumberField("notSupported", made.notSupported());
        json.writeNumberField("cancelled", made.cancelled());
        json.writeNumberField("ignoredAnswers", made.ignoredAnswers());
        json.writeEndObject();
        json.writeObjectFieldStart("received");
        json.writeNumberField("answered", received.answered());
        json.writeNumberField("timedOut", received.timedOut());
        json.writeNumberField("failed", received.failed());
        json.writeNumberField("cutOff", received.cutOff());
        json.writeNumberField("turnedAway", received.turnedAway());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void returned(JsonGenerator json, ReturnedMessage returned) throws IOException {
        json.writeStartObject();
        json.writeStringField("outcome", returned.outcome().name());
        json.writeStringField("resend", returned.outcome().resend().name());
        json.writeStringField("lane", returned.lane());
        message(json, returned.message());
        json.writeEndObject();
    }
}
