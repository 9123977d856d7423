/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.HandshakeException;
import io.softclose.net.HandshakeException.Failure;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.log.RateLimitedLog;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler.Timer;
import io.softclose.net.wire.PeerText;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns away a link for which the network has no room. It reads what the peer says first, and sends our end (FIN): a reset
 * would tell the peer no more than that something went wrong. No message can be lost by that, since a peer that has no
 * handshake of ours is not open. Where there are many, or the network shuts down, they are reset. Loop only.
 */
final class RefusedLink implements LinkHandler {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(Level.ERROR);
    /** How long a peer has to end the link, too. */
    private static final long PARTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Link link;
    private final NetworkSettings settings;
    private final InboundDoor door;
    private final Refusal refusal;
    private Timer patience = () -> {};
    private boolean mayStay;
    private boolean told;

    RefusedLink(Link link, NetworkSettings settings, InboundDoor door, Refusal refusal) {
        this.link = link;
        this.settings = settings;
        this.door = door;
        this.refusal = refusal;
    }

    /** The link has arrived, which may never be up: the handshake of a layer takes time and memory, as its peer likes. */
    void begin() {
        mayStay = refusal != Refusal.SHUTDOWN && door.mayPart(this);
        boolean begun = false;
        try {
            patience = link.loop().schedule(mayStay ? PARTING_NANOS : 0, link::abort);
            begun = true;
        } finally {
            if (!begun) {
                door.parted(this);
            }
        }
    }

    @Override
    public void onConnected() {
        if (mayStay) {
            // Once what has arrived was read, now or later.
            var unused = link.shutdownOutput();
        } else {
            link.abort();
        }
        tell();
    }

    private void tell() {
        told = true;
        String remote = PeerText.of(link.remoteAddress());
        HandshakeException refused = new HandshakeException(
                Failure.TOO_MANY_CONNECTIONS,
                "inbound connection from " + remote + ": " + refusal.text(settings.limits()));
        try {
            settings.events().inboundRefused(link.remoteAddress(), refused);
        } catch (Throwable failure) {
            FAILURES.thrown(remote, "inboundRefused() threw", failure);
        }
    }

    /** The network shuts down: it does not wait for peers that it never let in. Any thread. */
    void abort() {
        try {
            link.loop().execute(link::abort);
        } catch (RejectedExecutionException stopped) {
            // The loop has ended its links.
            door.parted(this);
        }
    }

    @Override
    public void onRead(ByteBuffer data) {}

    @Override
    public void onWritable() {}

    @Override
    public void onInputClosed(InputEnd end) {
        link.close();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        patience.cancel();
        door.parted(this);
        if (!told) {
            tell();
        }
    }
}
