/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.testkit.sim.kernel.SocketHistory;
import io.softclose.net.testkit.sim.link.OutputTap;
import io.softclose.net.testkit.sim.world.LinkEnd;

/** The streams of an owner whose bytes are the kernel's. */
final class SocketStream implements OwnStream {
    private final LinkEnd link;

    SocketStream(LinkEnd link) {
        this.link = link;
    }

    private SocketHistory history() {
        return link.socket().history();
    }

    @Override
    public void tap(OutputTap wanted) {
        link.output().tap(wanted);
    }

    @Override
    public long taken() {
        return link.output().taken();
    }

    @Override
    public long flushed() {
        return link.output().flushed();
    }

    @Override
    public boolean flushesLater() {
        return link.output().flushesLater();
    }

    @Override
    public boolean layered() {
        return false;
    }

    @Override
    public long lastArrivalAt() {
        return history().lastArrivalAt();
    }

    @Override
    public long handedOn() {
        return link.input().handedOn();
    }

    @Override
    public long endedAt() {
        return history().finQueuedAt();
    }

    @Override
    public boolean endHeldBack() {
        return link.end().wasHeldBack() && link.end().out();
    }

    @Override
    public boolean endedAfterCut() {
        return false;
    }

    @Override
    public long receivedBeforeEnd() {
        return history().receivedBeforeFin();
    }

    @Override
    public long unreadAtEnd() {
        return endedAt() == SocketHistory.NEVER ? 0 : history().unreadAtFin();
    }

    @Override
    public long peerEndedAt() {
        return history().finReceivedAt();
    }

    @Override
    public boolean peerSaidEnd() {
        return peerEndedAt() != SocketHistory.NEVER;
    }

    @Override
    public boolean toldEnd() {
        return link.input().toldEnd();
    }
}
