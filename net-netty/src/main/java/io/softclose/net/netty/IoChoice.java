/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.softclose.net.netty.base.Log;
import io.softclose.net.netty.socket.Io;
import io.softclose.net.netty.socket.NettySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kind of I/O of a transport. The log says which one, and why no better one: at INFO the first time in a
 * process, and at DEBUG from then on.
 */
final class IoChoice {
    private static final Log LOG = Log.ofModule();
    /** What has been said at INFO. As many lines as there are kinds and reasons. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private IoChoice() {}

    /**
     * The kind that was asked for.
     *
     * @throws IllegalStateException if it is not available here
     * @throws IllegalArgumentException if the group is of another kind, or of one that is not known
     */
    static Io choose(NettySettings settings) {
        return settings.eventLoopGroup()
                .map(group -> ofGroup(group, settings.io()))
                .orElseGet(() -> settings.io() == IoKind.AUTO ? best() : available(explicit(settings.io())));
    }

    private static Io best() {
        List<String> without = new ArrayList<>();
        for (Io io : List.of(Io.EPOLL, Io.NIO)) {
            Throwable cause = io.unavailabilityCause();
            if (cause == null) {
                log(io, without.isEmpty() ? "the best that is available" : String.join("; ", without));
                return io;
            }
            without.add(io.label() + " is not available: " + rootMessage(cause));
        }
        throw new IllegalStateException("no kind of I/O is available: " + without);
    }

    private static Io available(Io io) {
        Throwable cause = io.unavailabilityCause();
        if (cause != null) {
            throw new IllegalStateException(
                    "io: " + io.label() + " is not available here: " + rootMessage(cause)
                            + " (expected: one that is, or AUTO)",
                    cause);
        }
        log(io, "as it was asked to");
        return io;
    }

    private static Io ofGroup(EventLoopGroup group, IoKind asked) {
        Io io = driving(group);
        if (io == null) {
            throw new IllegalArgumentException("eventLoopGroup: of "
                    + group.getClass().getName() + " (expected: an IoEventLoopGroup for epoll or NIO)");
        }
        if (io == Io.IO_URING) {
            // Without our ring of buffers, links would not hear of every reset; nobody can tell whether a group has
            // one.
            throw new IllegalArgumentException(
                    "eventLoopGroup: one for io_uring (expected: one for epoll or NIO, or none"
                            + " and io: IO_URING, for loops that read through rings of buffers)");
        }
        if (asked != IoKind.AUTO && explicit(asked) != io) {
            throw new IllegalArgumentException("eventLoopGroup: one for " + io.label() + " (expected: one for "
                    + explicit(asked).label() + ", or io: AUTO)");
        }
        log(io, "as the given event loop group does");
        if (io == Io.EPOLL) {
            LOG.log(
                    WARNING,
                    () -> "links on the given group for epoll may fail once their peers have ended their output;"
                            + " see netty/netty#16689, and prefer loops of the transport's own");
        }
        return io;
    }

    private static @Nullable Io driving(EventLoopGroup group) {
        if (group instanceof IoEventLoopGroup ioGroup) {
            for (Io io : Io.values()) {
                if (io.drives(ioGroup)) {
                    return io;
                }
            }
        }
        return null;
    }

    private static Io explicit(IoKind kind) {
        return switch (kind) {
            case IO_URING -> Io.IO_URING;
            case EPOLL -> Io.EPOLL;
            case NIO -> Io.NIO;
            case AUTO -> throw new IllegalArgumentException("io: AUTO (expected: a kind)");
        };
    }

    private static void log(Io io, String why) {
        String line = "Netty's I/O goes through " + io.label() + " (" + why + ")";
        LOG.log(SAID.add(line) ? INFO : DEBUG, () -> line);
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.toString();
    }
}
