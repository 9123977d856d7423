/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what a network tells. What went wrong must be taken by the test, or the test fails with it. */
final class RecordingEvents implements NetworkEvents {
    final List<Connection> connected = new ArrayList<>();
    final List<Connection> disconnected = new ArrayList<>();
    final List<CloseReport> reports = new ArrayList<>();
    private final List<HandshakeException> refused = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<ProtocolId> unhandled = new ArrayList<>();
    private final List<ReturnedMessage> returned = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Duration> stalls = new ArrayList<>();
    private Runnable whenDisconnected = () -> {};
    private Consumer<Duration> whenShuttingDown = timeLeft -> {};

    @Override
    public void connected(Connection connection) {
        connected.add(connection);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        disconnected.add(connection);
        reports.add(report);
        whenDisconnected.run();
    }

    void whenDisconnected(Runnable action) {
        whenDisconnected = action;
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        whenShuttingDown.accept(timeLeft);
    }

    void whenShuttingDown(Consumer<Duration> action) {
        whenShuttingDown = action;
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        refused.add(cause);
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        violations.add(detail);
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        unhandled.add(protocol);
    }

    @Override
    public void writeStalled(Connection connection, Duration takenNothingFor) {
        stalls.add(takenNothingFor);
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void returned(Peer peer, ReturnedMessage message) {
        returned.add(message);
    }

    List<ReturnedMessage> takeReturned() {
        return take(returned);
    }

    List<HandshakeException> takeRefused() {
        return take(refused);
    }

    List<String> takeViolations() {
        return take(violations);
    }

    List<ProtocolId> takeUnhandled() {
        return take(unhandled);
    }

    List<Duration> takeStalls() {
        return take(stalls);
    }

    List<Throwable> takeFailures() {
        return take(failures);
    }

    /** Fails if something went wrong that the test did not take, or was told more or less than once. */
    void verify() {
        assertEquals(List.of(), refused, "inboundRefused");
        assertEquals(List.of(), violations, "protocolViolation");
        assertEquals(List.of(), unhandled, "unhandled");
        assertEquals(List.of(), failures, "callbackFailed");
        assertEquals(List.of(), stalls, "writeStalled");
        assertEquals(List.of(), returned, "returned");
        assertEquals(List.copyOf(connected), connected.stream().distinct().toList(), "connected, once each");
        assertEquals(List.copyOf(disconnected), disconnected.stream().distinct().toList(), "disconnected, once each");
        assertEquals(
                List.of(),
                connected.stream().filter(one -> !disconnected.contains(one)).toList(),
                "connected and never disconnected");
    }

    private static <T> List<T> take(List<T> from) {
        List<T> taken = List.copyOf(from);
        from.clear();
        return taken;
    }
}
