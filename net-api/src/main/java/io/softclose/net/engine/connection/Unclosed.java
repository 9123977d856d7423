/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.CloseEnding;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No close has begun: what ends the connection now ends it without one. Loop only. */
abstract sealed class Unclosed implements Phase permits Opening, Open {
    final Parts parts;
    final Life life;

    Unclosed(Parts parts, Life life) {
        this.parts = parts;
        this.life = life;
    }

    /** Why a connection closes whose link goes now. */
    abstract DisconnectReason reasonOfLoss();

    /** What usually makes a link go now, for those who know no more; empty if that needs no words. */
    String usualCauses() {
        return "";
    }

    /** Stops what waits for something. */
    void stop() {}

    @Override
    public void advance() {
        var unused = parts.flush();
    }

    @Override
    public void writeStalled(String detail) {
        stop();
        // As a link that fails: what has arrived is handed on once it is gone.
        life.leave(new Ended(
                DisconnectReason.INPUT_OUTPUT_ERROR,
                parts.loop().nanoTime(),
                CloseEnding.ERROR,
                detail,
                Optional.of(new SocketTimeoutException(detail))));
        parts.intake().linger();
    }

    @Override
    public void abort(long calledAt) {
        leave(
                calledAt,
                DisconnectReason.REQUESTED_BY_PEER_MANAGER,
                CloseEnding.ERROR,
                "aborted by the application",
                null);
        parts.link().abort();
    }

    @Override
    public Leaving failed(Throwable thrown) {
        return end(Ended.failed(reasonOfLoss(), parts.loop().nanoTime(), thrown));
    }

    @Override
    public Ending linkGone(@Nullable Throwable cause) {
        return end(
                Ended.linkLost(reasonOfLoss(), parts.loop().nanoTime(), cause).adding(usualCauses()));
    }

    private Leaving end(Ended how) {
        Leaving leaving = new Leaving(how);
        stop();
        parts.book().startReturning();
        parts.state().moveTo(ConnectionState.ABORTING);
        return leaving;
    }

    /** Ends it without a close, and hands on nothing more; how the link is left is told next. */
    final void leave(DisconnectReason reason, CloseEnding ending, String detail, @Nullable Throwable error) {
        leave(parts.loop().nanoTime(), reason, ending, detail, error);
    }

    /** The same, for what was asked for some time ago. */
    final void leave(
            long calledAt, DisconnectReason reason, CloseEnding ending, String detail, @Nullable Throwable error) {
        stop();
        life.leave(new Ended(reason, calledAt, ending, detail, Optional.ofNullable(error)));
        parts.intake().stop();
    }
}
