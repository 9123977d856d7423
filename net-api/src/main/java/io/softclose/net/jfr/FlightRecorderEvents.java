/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import static java.util.Objects.requireNonNull;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Peer;
import io.softclose.net.ProtocolId;
import io.softclose.net.ReturnedMessage;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.FlightRecorder;

/**
 * Commits what a network tells its observers as Flight Recorder events named {@code io.softclose.…}, and once in each of the
 * recording's periods how every open connection fares ({@code io.softclose.ConnectionStatistics}, every 10 s by default). Give
 * it to {@link NetworkBuilder#addEvents}; one may observe several networks. The log has its lines all the same.
 *
 * <p>While nothing is recorded it costs a set of the open connections. Thread-safe. {@link #close} it once its networks have shut
 * down, so that the Flight Recorder lets go of it.
 */
public final class FlightRecorderEvents implements NetworkEvents, AutoCloseable {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Runnable everyPeriod = this::statistics;

    /** Registers for the recording's periods. */
    public FlightRecorderEvents() {
        FlightRecorder.addPeriodicEvent(ConnectionStatisticsEvent.class, everyPeriod);
    }

    private void statistics() {
        open.forEach(connection -> new ConnectionStatisticsEvent(connection).commit());
    }

    /** No statistics any more. What else it is told it commits still. Idempotent. */
    @Override
    public void close() {
        FlightRecorder.removePeriodicEvent(everyPeriod);
    }

    @Override
    public boolean takesLinesOver() {
        return false;
    }

    @Override
    public void connected(Connection connection) {
        open.add(requireNonNull(connection, "connection"));
        new ConnectionOpenedEvent(connection).commit();
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        open.remove(connection);
        new ConnectionClosedEvent(report).commit();
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        new InboundRefusedEvent(remote, cause).commit();
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        new ProtocolViolationEvent(connection, detail).commit();
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        new UnhandledEvent(connection, protocol).commit();
    }

    @Override
    public void writeStalled(Connection connection, Duration takenNothingFor) {
        new WriteStalledEvent(connection, takenNothingFor).commit();
    }

    @Override
    public void waitedInVain(Peer peer, ReturnedMessage message) {
        new MessageReturnedEvent(peer, message).commit();
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        new CallbackFailedEvent(connection, callback, failure).commit();
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        new ShuttingDownEvent(timeLeft).commit();
    }
}
