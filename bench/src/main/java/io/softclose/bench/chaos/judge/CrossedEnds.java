/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.chaos.judge;

import io.softclose.bench.chaos.judge.EndRecord.Arrived;
import io.softclose.bench.chaos.judge.EndRecord.Closed;
import io.softclose.bench.chaos.judge.EndRecord.Told;
import io.softclose.bench.chaos.peer.Chronicle;
import io.softclose.bench.chaos.plan.Cargo;
import io.softclose.bench.chaos.plan.PolicyPlan;
import io.softclose.bench.chaos.plan.RoundPlan;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.net.CloseEnding;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.policy.priority.MessageClass;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one case in which a CLEAN close may have lost something and nobody can know, as docs/closing.md has it: two ends
 * (FIN) cross. Both sides close by themselves; the peer's end goes out when it has handled everything that has arrived;
 * what is under way just then follows it, and ours; and the peer does not handle that any more, for want of time or under a
 * policy that does not wait. The peer's own report says so.
 *
 * <p>The case is another if the peer's end had surely arrived before ours went out, or for messages that had surely
 * arrived before the peer's end went out.
 */
final class CrossedEnds {
    /** What is under way for so long has arrived, on a machine's own network. */
    private static final long ON_ITS_WAY_MICROS = 5_000;

    private static final Set<CloseEnding> OUT_OF_TIME = EnumSet.of(CloseEnding.DEADLINE, CloseEnding.STALL);
    /** How a close under a policy that does not wait ends if all goes well; CLEAN if it had written nothing itself. */
    private static final Set<CloseEnding> AT_ONCE = EnumSet.of(CloseEnding.UNCONFIRMED, CloseEnding.CLEAN);

    private final EndRecord sender;
    private final EndRecord receiver;
    private final int chunk;

    CrossedEnds(EndRecord sender, EndRecord receiver, int maxFrameSize) {
        this.sender = sender;
        this.receiver = receiver;
        Limits limits = Limits.builder().maxFrameSize(maxFrameSize).build();
        boolean sorts = sender.plan().policy().sorts();
        chunk = sorts ? Math.min(limits.fragmentSize(), limits.chunkSize()) : limits.chunkSize();
    }

    /** The messages that no handler had, though the sender's close is CLEAN, and that this case does not explain. */
    List<Told> unexplained(List<Told> lost) {
        if (!closedByThemselves() || !peerGaveUp() || !mayHaveCrossed()) {
            return lost;
        }
        BitSet held = arrivedBy(receiver.ownEndHeldMicros() - ON_ITS_WAY_MICROS);
        return lost.stream().filter(told -> held.get(told.sequence())).toList();
    }

    /** Neither closed because the other had ended. */
    private boolean closedByThemselves() {
        return byItself(sender.closed()) && byItself(receiver.closed());
    }

    private static boolean byItself(Optional<Closed> closed) {
        return closed.filter(how -> how.reason() != DisconnectReason.CONNECTION_CLOSED)
                .isPresent();
    }

    /** Whether its report, or its policy, says that it did not read to the other's end. */
    private boolean peerGaveUp() {
        return closedAtOnce() || OUT_OF_TIME.contains(peersEnding());
    }

    private boolean closedAtOnce() {
        return receiver.plan().policy().kind() == PolicyPlan.Kind.DROP && AT_ONCE.contains(peersEnding());
    }

    private CloseEnding peersEnding() {
        return receiver.closed().map(Closed::ending).orElse(CloseEnding.ERROR);
    }

    /** Whether the peer's end went out at all, and may not have arrived when ours did. */
    private boolean mayHaveCrossed() {
        return receiver.ownEndHeldMicros() != Long.MAX_VALUE
                && sender.ownEndHeldMicros() - ON_ITS_WAY_MICROS <= peersEndOutMicros();
    }

    /** The earliest moment at which the peer's end was surely out. What closes at once sends it with the close. */
    private long peersEndOutMicros() {
        return closedAtOnce()
                ? receiver.closed().map(Closed::micros).orElse(0L) + Chronicle.GRAIN_MICROS
                : receiver.ownEndOutMicros();
    }

    /**
     * What was written and not handled by a time, and had surely arrived: as much of it, in the order in which it was
     * written, as the peer's socket surely takes in.
     */
    private BitSet arrivedBy(long micros) {
        BitSet handled = new BitSet();
        receiver.arrived().stream()
                .filter(message -> message.micros() < micros)
                .mapToInt(Arrived::sequence)
                .forEach(handled::set);
        BitSet arrived = new BitSet();
        long bytes = begunStreams();
        for (Told told : sender.told()) {
            if (told.outcome() == Outcome.WRITTEN && told.micros() < micros && !handled.get(told.sequence())) {
                bytes += sender.plan().cargo().size(told.sequence());
                arrived.set(told.sequence(), bytes <= takenIn());
            }
        }
        return arrived;
    }

    /** Bytes of messages that may be between those that are written: streams of which a part is, one for each lane. */
    private long begunStreams() {
        Cargo cargo = sender.plan().cargo();
        int lanes = sender.plan().policy().sorts() ? MessageClass.values().length : 1;
        return cargo.largest() > chunk ? (long) lanes * cargo.largest() : 0;
    }

    /** Bytes of payload that the peer's socket surely takes in, whether or not they are read. */
    private int takenIn() {
        return switch (receiver.plan().transport().socketBufferBytes()) {
            case AnyTransport.DEFAULT_BUFFER -> 32 * 1024;
            case RoundPlan.LARGE_BUFFER -> 128 * 1024;
            default -> 4 * 1024;
        };
    }
}
