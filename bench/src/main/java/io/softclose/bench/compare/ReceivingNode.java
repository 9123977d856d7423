/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.Payloads;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.Listener;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The receiving end of a cell: writes down what its handler has, behaves as the cell's reader does, and closes
 * gracefully, with much patience, once the sender has ended. Takes one connection.
 */
final class ReceivingNode implements NetworkEvents, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TALK_STEP = Duration.ofNanos(100_000);
    private static final int TALK_SIZE = 256;

    private final Reader reader;
    private final Duration stall;
    private final Ledger talk;
    private final ProtocolId protocol;
    private final Network network;
    private final Listener listener;
    private final CompletableFuture<CloseReport> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> talked = new CompletableFuture<>();

    /**
     * Listens on the loopback interface.
     *
     * @param messages where its handler's messages are written down
     * @param talk where what becomes of its own messages is written down
     */
    ReceivingNode(Cell cell, Ledger messages, Ledger talk) throws IOException {
        this.reader = cell.reader();
        this.stall = cell.conditions().stall().orElse(reader.stall());
        this.talk = talk;
        protocol = cell.scenario().protocols().get(0);
        Pacer pacer = new Pacer(reader.perMessage());
        NetworkBuilder builder = Network.builder();
        for (ProtocolId each : cell.scenario().supported()) {
            builder.handle(each, (connection, message) -> {
                messages.arrived(message);
                pacer.await();
            });
        }
        network = builder.plaintext()
                .transport(cell.transport())
                .closePolicy(GracefulPolicy.builder()
                        .drainTimeout(PATIENCE)
                        .finishTimeout(PATIENCE)
                        .stallTimeout(PATIENCE)
                        .build())
                .events(this)
                .build();
        listener = network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Where it listens. */
    SocketAddress address() {
        return listener.localAddress();
    }

    /** Completes when its connection has closed and everything that arrived has been handled. */
    CompletableFuture<CloseReport> ended() {
        return ended.thenCombine(talked, (report, nothing) -> report);
    }

    @Override
    public void connected(Connection connection) {
        if (!stall.isZero()) {
            connection.reading(Reading.PAUSED);
            CompletableFuture.delayedExecutor(stall.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(() -> connection.reading(Reading.RESUMED));
        }
        switch (reader.talk()) {
            case SILENT -> talked.complete(null);
            case STEADY -> new Thread(() -> talkUntilRefused(connection), "talking-peer").start();
        }
    }

    private void talkUntilRefused(Connection connection) {
        try {
            talk(connection);
            talked.complete(null);
        } catch (RuntimeException e) {
            talked.completeExceptionally(e);
        }
    }

    /** Sends at a steady rate until the connection takes nothing more. */
    private void talk(Connection connection) {
        Pacer pacer = new Pacer(TALK_STEP);
        int sequence = 0;
        SendResult result = SendResult.ACCEPTED;
        while (result.accepted() || result == SendResult.OUTBOX_FULL) {
            Message message = Message.of(protocol, 0, Payloads.of(sequence, TALK_SIZE));
            result = connection.send(message, talk::told);
            if (result.accepted()) {
                talk.accepted(sequence++);
            }
            pacer.await();
        }
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        ended.complete(report);
    }

    /** A sender that throws away the rest of a stream cuts it off, and the ledger counts that. */
    @Override
    public void protocolViolation(Connection connection, String detail) {}

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void close() {
        CellRunner.stop(network);
    }
}
