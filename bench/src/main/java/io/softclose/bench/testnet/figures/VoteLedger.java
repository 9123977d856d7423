/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.bench.testnet.figures.ChainFigures.Votes;
import io.softclose.bench.testnet.figures.ChainWitness.Receivers;
import io.softclose.net.Outcome;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What became of each vote: what its sender was told, and whether its receiver was given it. What is told of one vote may come in any order. Holds
 * those of which not all is known, or that are lost. Under its owner's lock.
 */
final class VoteLedger {
    private final Map<Key, Vote> open = new HashMap<>();
    private long sent;
    private long refused;
    private long lost;
    private long untold;
    private long handedOver;
    private long handOvers;

    /**
     * One vote on one way.
     *
     * @param number among those of its sender
     */
    private record Key(int from, int to, long number) {}

    /** What is known of it so far. */
    private static final class Vote {
        private boolean sent;
        private boolean counts;
        private boolean handled;
        private long handOvers;
        private @Nullable Outcome outcome;
    }

    /** A network refused one that counts. */
    void refused() {
        refused++;
    }

    /** A network accepted it. */
    void accepted(int from, int to, long number, boolean counts) {
        sent += counts ? 1 : 0;
        Key key = new Key(from, to, number);
        Vote vote = open.computeIfAbsent(key, unknown -> new Vote());
        vote.sent = true;
        vote.counts = counts;
        close(key, vote);
    }

    /** It has left a connection for its receiver's next one. */
    void handedOver(int from, int to, long number) {
        open.computeIfAbsent(new Key(from, to, number), unknown -> new Vote()).handOvers++;
    }

    /** Its sender was told. */
    void concluded(int from, int to, long number, Outcome outcome) {
        Key key = new Key(from, to, number);
        Vote vote = open.computeIfAbsent(key, unknown -> new Vote());
        vote.outcome = outcome;
        close(key, vote);
    }

    /** Its receiver was given it. */
    void handled(int from, int to, long number) {
        Key key = new Key(from, to, number);
        Vote vote = open.computeIfAbsent(key, unknown -> new Vote());
        vote.handled = true;
        close(key, vote);
    }

    /** A sender is no more, and is told of no outcome any more. */
    void senderGone(int from) {
        for (Iterator<Map.Entry<Key, Vote>> each = open.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Key, Vote> entry = each.next();
            if (entry.getKey().from() == from && entry.getValue().outcome == null) {
                untold += entry.getValue().counts ? 1 : 0;
                countHandOvers(entry.getValue());
                each.remove();
            }
        }
    }

    private void close(Key key, Vote vote) {
        Outcome outcome = vote.outcome;
        if (vote.sent && outcome != null && (outcome.lost() || vote.handled)) {
            lost += vote.counts && outcome.lost() ? 1 : 0;
            countHandOvers(vote);
            open.remove(key);
        }
    }

    private void countHandOvers(Vote vote) {
        if (vote.counts) {
            handedOver += Math.min(1, vote.handOvers);
            handOvers += vote.handOvers;
        }
    }

    /** Whether of each vote that counts it is known that it is lost, or that its receiver was given it. */
    boolean settled() {
        return open.values().stream().noneMatch(vote -> vote.counts);
    }

    /** What is known by now. */
    Votes figures(Receivers receivers) {
        long silent = open.values().stream()
                .filter(vote -> vote.counts && vote.outcome != null)
                .count();
        long waiting = open.values().stream()
                .filter(vote -> vote.counts && vote.outcome == null)
                .count();
        long stillHandedOver = open.values().stream()
                .filter(vote -> vote.counts && vote.handOvers > 0)
                .count();
        long stillHandOvers = open.values().stream()
                .filter(vote -> vote.counts)
                .mapToLong(vote -> vote.handOvers)
                .sum();
        return new Votes(
                sent,
                refused,
                handedOver + stillHandedOver,
                handOvers + stillHandOvers,
                lost,
                receivers == Receivers.SEEN ? OptionalLong.of(silent) : OptionalLong.empty(),
                untold + waiting);
    }
}
