/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

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
import org.jspecify.annotations.Nullable;

/**
 * Several observers of one network, told in their order. An event is told to those that override its method; the log has
 * its line only if none of those takes it over. What one throws keeps no other from being told.
 */
public final class Observers implements NetworkEvents {
    private static final NetworkEvents LOG = new NetworkEvents() {};

    private final List<NetworkEvents> connected;
    private final List<NetworkEvents> disconnected;
    private final List<NetworkEvents> inboundRefused;
    private final List<NetworkEvents> protocolViolation;
    private final List<NetworkEvents> unhandled;
    private final List<NetworkEvents> writeStalled;
    private final List<NetworkEvents> returned;
    private final List<NetworkEvents> waitedInVain;
    private final List<NetworkEvents> callbackFailed;
    private final List<NetworkEvents> shuttingDown;

    private Observers(List<NetworkEvents> all) {
        connected = overriding(all, "connected", Connection.class);
        disconnected = overriding(all, "disconnected", Connection.class, CloseReport.class);
        inboundRefused = overriding(all, "inboundRefused", SocketAddress.class, HandshakeException.class);
        protocolViolation = overriding(all, "protocolViolation", Connection.class, String.class);
        unhandled = overriding(all, "unhandled", Connection.class, ProtocolId.class);
        writeStalled = overriding(all, "writeStalled", Connection.class, Duration.class);
        returned = overriding(all, "returned", Peer.class, ReturnedMessage.class);
        waitedInVain = overriding(all, "waitedInVain", Peer.class, ReturnedMessage.class);
        callbackFailed = overriding(all, "callbackFailed", Connection.class, String.class, Throwable.class);
        shuttingDown = overriding(all, "shuttingDown", Duration.class);
    }

    /** Who is to be told for all of these: the only one itself, or nobody but the log. */
    public static NetworkEvents of(List<NetworkEvents> all) {
        if (all.isEmpty()) {
            return LOG;
        }
        return all.size() == 1 && all.get(0).takesLinesOver() ? all.get(0) : new Observers(all);
    }

    private static List<NetworkEvents> overriding(List<NetworkEvents> all, String method, Class<?>... parameters) {
        List<NetworkEvents> found = new ArrayList<>();
        boolean takenOver = false;
        for (NetworkEvents one : all) {
            if (overrides(one, method, parameters)) {
                found.add(one);
                takenOver |= one.takesLinesOver();
            }
        }
        if (!takenOver) {
            found.add(LOG);
        }
        return List.copyOf(found);
    }

    private static boolean overrides(NetworkEvents one, String method, Class<?>... parameters) {
        try {
            return one.getClass().getMethod(method, parameters).getDeclaringClass() != NetworkEvents.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(method + "() is none of NetworkEvents", impossible);
        }
    }

    @Override
    public void connected(Connection connection) {
        tell(connected, one -> one.connected(connection));
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        tell(disconnected, one -> one.disconnected(connection, report));
    }

    @Override
    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
        tell(inboundRefused, one -> one.inboundRefused(remote, cause));
    }

    @Override
    public void protocolViolation(Connection connection, String detail) {
        tell(protocolViolation, one -> one.protocolViolation(connection, detail));
    }

    @Override
    public void unhandled(Connection connection, ProtocolId protocol) {
        tell(unhandled, one -> one.unhandled(connection, protocol));
    }

    @Override
    public void writeStalled(Connection connection, Duration takenNothingFor) {
        tell(writeStalled, one -> one.writeStalled(connection, takenNothingFor));
    }

    @Override
    public void returned(Peer peer, ReturnedMessage message) {
        tell(returned, one -> one.returned(peer, message));
    }

    @Override
    public void waitedInVain(Peer peer, ReturnedMessage message) {
        tell(waitedInVain, one -> one.waitedInVain(peer, message));
    }

    @Override
    public void callbackFailed(Connection connection, String callback, Throwable failure) {
        tell(callbackFailed, one -> one.callbackFailed(connection, callback, failure));
    }

    @Override
    public void shuttingDown(Duration timeLeft) {
        tell(shuttingDown, one -> one.shuttingDown(timeLeft));
    }

    /** Tells each; then throws what the first threw, with what others threw suppressed in it. */
    private static void tell(List<NetworkEvents> those, Consumer<NetworkEvents> event) {
        Throwable failure = null;
        for (NetworkEvents one : those) {
            try {
                event.accept(one);
            } catch (Throwable thrown) {
                failure = withAnother(failure, thrown);
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            Observers.<RuntimeException>throwAsItIs(failure);
        }
    }

    private static Throwable withAnother(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }

    /** An observer may throw what its method does not declare, and whoever guards the call is to see that very object. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsItIs(Throwable failure) throws T {
        throw (T) failure;
    }
}
