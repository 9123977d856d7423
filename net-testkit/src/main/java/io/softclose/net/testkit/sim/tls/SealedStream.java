/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.tls;

import io.softclose.net.testkit.sim.kernel.SimScheduler;
import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.ledger.OwnStream;
import io.softclose.net.testkit.sim.link.OutputTap;
import io.softclose.net.testkit.sim.world.LinkEnd;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The streams of an owner over TLS: what the engine sealed and unsealed, held against what the kernel took. It asks
 * neither the link over TLS nor whatever that counts.
 */
final class SealedStream implements OwnStream {
    private static final long NEVER = SocketHistory.NEVER;

    /** Where a record ends: in the kernel's stream, and in the owner's. */
    private record RecordEnd(long sealed, long plain) {}

    private final SimScheduler clock;
    private final LinkEnd link;
    private final Deque<RecordEnd> unflushed = new ArrayDeque<>();
    private @Nullable OutputTap tap;

    private long sealed;
    private long sealedPlain;
    private long flushedPlain;
    private long unsealedPlain;
    private long handedOn;

    private long endedAt = NEVER;
    private boolean heldBack;
    private boolean endedAfterCut;
    private long receivedBeforeEnd;
    private long unreadAtEnd;
    private long peerSaidEndAt = NEVER;
    private boolean toldEnd;

    SealedStream(SimScheduler clock, LinkEnd link) {
        this.clock = clock;
        this.link = link;
    }

    LinkEnd link() {
        return link;
    }

    // What the owner does, and the engine.

    /** Its owner offers bytes, of which nobody may take any. */
    void offered(ByteBuffer bytes) {
        if (tap != null) {
            tap.offered(bytes, 0);
        }
    }

    /** Bytes of the owner's were offered, so many of them sealed, in a record of this length. */
    void sealed(ByteBuffer offered, int consumed, int produced) {
        if (tap != null && offered.hasRemaining()) {
            tap.offered(offered, consumed);
        }
        sealed += produced;
        sealedPlain += consumed;
        unflushed.add(new RecordEnd(sealed, sealedPlain));
    }

    /** A record was unsealed, with so many bytes for the owner in it, or the peer's end. */
    void unsealed(int produced, boolean end) {
        unsealedPlain += produced;
        if (end && peerSaidEndAt == NEVER) {
            peerSaidEndAt = clock.now();
        }
    }

    /** Its owner has asked for our end, which may have to wait. */
    void asked() {
        heldBack |= endedAt == NEVER && link.isOpen();
    }

    /** Our end is about to be sealed. */
    void ends() {
        if (endedAt == NEVER) {
            endedAt = clock.now();
            endedAfterCut = link.input().toldEnd() && peerSaidEndAt == NEVER;
            receivedBeforeEnd = unsealedPlain;
            unreadAtEnd = link.socket().available() + unsealedPlain - handedOn;
        }
    }

    // What the owner is told.

    void handsOn(int bytes) {
        handedOn += bytes;
    }

    void tellsEnd() {
        toldEnd = true;
    }

    // What the ledger asks.

    @Override
    public void tap(OutputTap wanted) {
        tap = wanted;
    }

    @Override
    public long taken() {
        return sealedPlain;
    }

    @Override
    public long flushed() {
        long flushed = link.output().flushed();
        for (RecordEnd next = unflushed.peek(); next != null && next.sealed <= flushed; next = unflushed.peek()) {
            flushedPlain = next.plain;
            unflushed.remove();
        }
        return flushedPlain;
    }

    @Override
    public boolean flushesLater() {
        return true;
    }

    @Override
    public boolean layered() {
        return true;
    }

    @Override
    public long lastArrivalAt() {
        return link.socket().history().lastArrivalAt();
    }

    @Override
    public long handedOn() {
        return handedOn;
    }

    @Override
    public long endedAt() {
        return endedAt;
    }

    @Override
    public boolean endHeldBack() {
        return heldBack && endedAt != NEVER;
    }

    @Override
    public boolean endedAfterCut() {
        return endedAfterCut;
    }

    @Override
    public long receivedBeforeEnd() {
        return receivedBeforeEnd;
    }

    @Override
    public long unreadAtEnd() {
        return unreadAtEnd;
    }

    @Override
    public long peerEndedAt() {
        return Math.min(peerSaidEndAt, link.socket().history().finReceivedAt());
    }

    @Override
    public boolean peerSaidEnd() {
        return peerSaidEndAt != NEVER;
    }

    @Override
    public boolean toldEnd() {
        return toldEnd;
    }
}
