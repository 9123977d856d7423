/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.figures;

import io.softclose.net.Account;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import io.softclose.net.Peer;
import io.softclose.net.PeerAccount;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the messages of one validator to all others.
 *
 * @param accepted by its network
 * @param outcomes how these ended
 * @param handedOver how often one left its connection
 */
public record MessageTally(long accepted, Map<Outcome, Long> outcomes, long handedOver) {
    /** Of one that has sent nothing. */
    public static final MessageTally NONE = new MessageTally(0, Map.of(), 0);

    /** Copies the map. */
    public MessageTally {
        outcomes = Map.copyOf(outcomes);
    }

    /** What the accounts of these peers say by now. */
    public static MessageTally of(Collection<Peer> peers) {
        return peers.stream().map(Peer::account).map(MessageTally::of).reduce(NONE, MessageTally::plus);
    }

    private static MessageTally of(PeerAccount account) {
        Account messages = account.messages();
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, messages.count(outcome));
        }
        return new MessageTally(
                messages.lanes().stream().mapToLong(LaneAccount::accepted).sum(), outcomes, account.handedOver());
    }

    /** Both together. */
    public MessageTally plus(MessageTally other) {
        Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            sums.put(outcome, count(outcome) + other.count(outcome));
        }
        return new MessageTally(accepted + other.accepted, sums, handedOver + other.handedOver);
    }

    /** How many ended so. */
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** How many have no outcome. */
    public long pending() {
        return accepted - outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
}
