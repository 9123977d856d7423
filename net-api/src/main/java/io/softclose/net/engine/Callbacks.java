/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;

/**
 * Calls the application's code for one connection so that nothing it throws reaches the engine: failures are reported to
 * {@link NetworkEvents#callbackFailed}, and what that throws is logged.
 */
final class Callbacks {
    private static final Logger LOG = System.getLogger("io.softclose.net");

    private final Connection connection;
    private final NetworkEvents events;

    Callbacks(Connection connection, NetworkEvents events) {
        this.connection = connection;
        this.events = events;
    }

    void message(MessageHandler handler, Message message) {
        // Not by guarded(): there is one for every message, and nothing is allocated for it here.
        try {
            handler.onMessage(connection, message);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    void ended(OutcomeListener listener, Message message, Outcome outcome) {
        guarded(() -> listener.ended(message, outcome));
    }

    void room(Runnable action) {
        guarded(action::run);
    }

    void connected() {
        guarded(() -> events.connected(connection));
    }

    void disconnected(CloseReport report) {
        guarded(() -> events.disconnected(connection, report));
    }

    void inboundRefused(SocketAddress remote, HandshakeException cause) {
        guarded(() -> events.inboundRefused(remote, cause));
    }

    void protocolViolation(String detail) {
        LOG.log(Level.DEBUG, "{0}: {1}", connection, detail);
        guarded(() -> events.protocolViolation(connection, detail));
    }

    private void guarded(Call call) {
        try {
            call.run();
        } catch (Throwable failure) {
            report(failure);
        }
    }

    private void report(Throwable failure) {
        try {
            events.callbackFailed(connection, failure);
        } catch (Throwable second) {
            if (second != failure) {
                second.addSuppressed(failure);
            }
            LOG.log(Level.ERROR, connection + ": callbackFailed() threw", second);
        }
    }

    /** Something of the application's. */
    private interface Call {
        void run() throws Exception;
    }
}
