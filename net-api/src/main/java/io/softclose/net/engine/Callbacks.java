/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.NetworkEvents;
import io.softclose.net.NetworkException;
import io.softclose.net.Outcome;
import io.softclose.net.OutcomeListener;
import io.softclose.net.ProtocolId;
import io.softclose.net.log.Log;
import io.softclose.net.log.RateLimitedLog;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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

    public Callbacks(Connection connection, NetworkEvents events) {
        this.connection = connection;
        this.events = events;
    }

    public void message(MessageHandler handler, Message message) {
        try {
            handler.onMessage(connection, message);
        } catch (Throwable failure) {
            report("the handler", message.protocol(), failure);
        }
    }

    /**
     * Has a request answered.
     *
     * @param given called when the stage completes, which may be before this returns; or now, if the handler throws or
     *     returns no stage
     */
    public void request(
            AsyncRequestHandler handler, Message request, BiConsumer<@Nullable Message, @Nullable Throwable> given) {
        try {
            var unused = handler.onRequest(connection, request).whenComplete(given);
        } catch (Throwable failure) {
            given.accept(null, failure);
        }
    }

    /** A request has no answer, for this reason. */
    public void requestFailed(ProtocolId protocol, Throwable failure) {
        report("the request handler", protocol, failure);
    }

    /** What a handler off the loop threw, or its stage completed with. */
    public void handlerFailed(ProtocolId protocol, Throwable failure) {
        report("the handler", protocol, failure);
    }

    /** The executor of a handler takes no task. */
    public void handlerRefused(ProtocolId protocol, Throwable refusal) {
        report("the executor of the handler", protocol, refusal);
    }

    public void ended(OutcomeListener listener, Message message, Outcome outcome) {
        try {
            listener.ended(message, outcome);
        } catch (Throwable failure) {
            report("the outcome listener", message.protocol(), failure);
        }
    }

    public void handedOver(OutcomeListener listener, Message message) {
        try {
            listener.handedOver(message);
        } catch (Throwable failure) {
            report("the outcome listener", message.protocol(), failure);
        }
    }

    public void room(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            report("an action that waited for room", null, failure);
        }
    }

    public void connected() {
        try {
            events.connected(connection);
        } catch (Throwable failure) {
            report("connected()", null, failure);
        }
    }

    public void disconnected(CloseReport report) {
        try {
            events.disconnected(connection, report);
        } catch (Throwable failure) {
            report("disconnected()", null, failure);
        }
    }

    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        try {
            events.inboundRefused(remote, cause);
        } catch (Throwable failure) {
            report("inboundRefused()", null, failure);
        }
    }

    public void writeStalled(Duration takenNothingFor) {
        try {
            events.writeStalled(connection, takenNothingFor);
        } catch (Throwable failure) {
            report("writeStalled()", null, failure);
        }
    }

    public void protocolViolation(String detail) {
        try {
            events.protocolViolation(connection, detail);
        } catch (Throwable failure) {
            report("protocolViolation()", null, failure);
        }
    }

    public void unhandled(ProtocolId protocol) {
        try {
            events.unhandled(connection, protocol);
        } catch (Throwable failure) {
            report("unhandled()", null, failure);
        }
    }

    /** The payload of a message cannot be read. */
    public void unreadable(Message message, Throwable cause) {
        Throwable told = cause;
        try {
            told = unreadablePayload(message, cause);
        } catch (Throwable noMemory) {
            Log.forget(noMemory);
        }
        report("the payload of a message", message.protocol(), told);
    }

    /** What is told of a message whose payload cannot be read. */
    public static NetworkException unreadablePayload(Message message, Throwable cause) {
        return new NetworkException("the payload of " + message + " cannot be read: " + Log.text(cause), cause);
    }

    /** Does not throw, not even for want of memory: what has been counted would be counted again. */
    private void report(String callback, @Nullable ProtocolId protocol, Throwable failure) {
        try {
            events.callbackFailed(connection, protocol == null ? callback : callback + " of " + protocol, failure);
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
