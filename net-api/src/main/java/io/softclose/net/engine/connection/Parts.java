/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.Limits;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.engine.loop.Turn;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.outbox.OutcomeBook;
import io.softclose.net.engine.rpc.Exchanges;
import io.softclose.net.engine.stream.Intake;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.engine.stream.Writer.Progress;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;

/**
 * What a connection is made of, as its {@link Phase}s see it. Loop only.
 *
 * @param connection as the application has it
 * @param link guarded
 * @param settings of the network
 * @param callbacks to the application
 * @param state read by any thread, moved by the phases
 * @param outbox what waits to be sent
 * @param book what became of it
 * @param writer from the one to the link
 * @param intake from the link to the handlers
 * @param inbox what is with handlers off the loop
 * @param exchanges requests and their answers
 * @param work the connection's work, done in turns
 */
record Parts(
        PeerConnection connection,
        Link link,
        NetworkSettings settings,
        Callbacks callbacks,
        StateCell state,
        Outbox outbox,
        OutcomeBook book,
        Writer writer,
        Intake intake,
        Inbox inbox,
        Exchanges exchanges,
        Turn work) {
    EventLoop loop() {
        return link.loop();
    }

    /**
     * Has the operating system hold about so much unsent, if messages overtake others and the settings bound it. Under a write
     * timeout they do not: what the peer acknowledges is to make room, for that is how it is known to take something.
     */
    void limitUnsent(int bytes) {
        Limits limits = settings.limits();
        if (outbox.plan().overtakes()
                && limits.unsentBytes() > 0
                && limits.writeTimeout().isZero()) {
            link.limitUnsent(bytes);
        }
    }

    /** Writes what may go; if this turn of the loop does not suffice, has the work go on in a later one. */
    Progress flush() {
        Progress progress = writer.flush();
        if (progress == Progress.YIELD) {
            work.later();
        }
        return progress;
    }
}
