/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkException;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Calls the application's code for one connection so that nothing it throws reaches the engine: failures are reported to
 * {@link NetworkEvents#callbackFailed}, and what that throws is logged. Each call has a guard of its own instead of a
 * task for a common one, for which there might be no memory. Loop only.
 */
public final class Callbacks {
    /** How often handlers fail is for their peers to say. */
    private static final RateLimitedLog FAILURES = new RateLimitedLog(Level.ERROR);

    private static final RateLimitedLog CAUSES = new RateLimitedLog(Level.ERROR);

    private final Connection connection;
    private final NetworkEvents events;
    private boolean unreadableLogged;

    public Callbacks(Connection connection, NetworkEvents events) {
        this.connection = connection;
        this.events = events;
    }

    public void message(MessageHandler handler, Message message) {
        try {
            handler.onMessage(connection, message);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void ended(OutcomeListener listener, Message message, Outcome outcome) {
        try {
            listener.ended(message, outcome);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void room(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void connected() {
        try {
            events.connected(connection);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void disconnected(CloseReport report) {
        try {
            events.disconnected(connection, report);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        try {
            events.inboundRefused(remote, cause);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void writeStalled(Duration takenNothingFor) {
        try {
            events.writeStalled(connection, takenNothingFor);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    public void protocolViolation(String detail) {
        Log.log(Level.DEBUG, "{0}: {1}", connection, detail);
        try {
            events.protocolViolation(connection, detail);
        } catch (Throwable failure) {
            report(failure);
        }
    }

    /** The payload of a message cannot be read. All of them are told, the first is logged. */
    public void unreadable(Message message, Throwable cause) {
        Throwable told = cause;
        try {
            told = unreadablePayload(message, cause);
            if (!unreadableLogged) {
                unreadableLogged = true;
                Log.thrown(Level.ERROR, connection, "a message could not be sent, and others may follow", told);
            }
        } catch (Throwable noMemory) {
            Log.forget(noMemory);
        }
        report(told);
    }

    /** What is told of a message whose payload cannot be read. */
    public static NetworkException unreadablePayload(Message message, Throwable cause) {
        return new NetworkException("the payload of " + message + " cannot be read: " + Log.text(cause), cause);
    }

    /** Does not throw, not even for want of memory: what has been counted would be counted again. */
    private void report(Throwable failure) {
        try {
            events.callbackFailed(connection, failure);
        } catch (Throwable second) {
            log(failure, second);
        }
    }

    private void log(Throwable failure, Throwable second) {
        try {
            FAILURES.thrown(connection, "callbackFailed() threw", second);
            if (second != failure) {
                CAUSES.thrown(connection, "what it was told of", failure);
            }
        } catch (Throwable noMemory) {
            Log.forget(noMemory);
        }
    }
}
