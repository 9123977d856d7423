/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Outcome;
import io.softclose.net.ReturnedMessage;
import io.softclose.net.engine.Nanos;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LosslessQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one connection that were written last, in case its end leaves open whether the peer has them: those of
 * the last {@link Limits#keepWritten}, and of these no more than a lane may hold. Loop only.
 */
final class LastWritten {
    private final EventLoop loop;
    private final long keptNanos;
    private final int mostMessages;
    private final long mostBytes;
    private final LosslessQueue<Written> kept = new LosslessQueue<>();
    private long bytes;

    private record Written(Message message, String lane, long at) {}

    LastWritten(EventLoop loop, Limits limits) {
        this.loop = loop;
        keptNanos = Nanos.of(limits.keepWritten());
        mostMessages = limits.outboxMessages();
        mostBytes = limits.outboxBytes();
    }

    /** Keeps one more. If this throws, for want of memory, it is not kept. */
    void add(Message message, String lane) {
        long now = loop.nanoTime();
        kept.add(new Written(message, lane, now));
        bytes += message.size();
        forgetOld(now);
        while (kept.size() > mostMessages || bytes > mostBytes) {
            forgetOldest();
        }
    }

    /** What is kept now, oldest first. */
    List<ReturnedMessage> messages() {
        forgetOld(loop.nanoTime());
        List<ReturnedMessage> messages = new ArrayList<>(kept.size());
        for (Written one : kept.toList()) {
            messages.add(new ReturnedMessage(one.message, Outcome.WRITTEN, one.lane));
        }
        return messages;
    }

    private void forgetOld(long now) {
        for (Written oldest = kept.peek(); oldest != null && now - oldest.at > keptNanos; oldest = kept.peek()) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Written oldest = requireNonNull(kept.poll(), "oldest");
        bytes -= oldest.message.size();
    }
}
