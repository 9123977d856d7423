/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.QuorumCert;
import io.softclose.bench.testnet.consensus.message.TimeoutCert;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Safety rules that each lack one. */
public final class BrokenRules {
    private static final int FORK_DEPTH = 2;

    private BrokenRules() {}

    /** Orders blocks of rounds that it has given up. */
    public static SafetyRules ordersWhatItGaveUp(SafetyData data) {
        return new SafetyRules(data) {
            @Override
            boolean isLaterThanAllGivenUp(long round) {
                return true;
            }
        };
    }

    /** Votes for any block of a later round, whatever it is built on: it ignores the lock. */
    public static SafetyRules votesForAnyBranch(SafetyData data) {
        return new SafetyRules(data) {
            @Override
            boolean extendsWhatMayBeDecided(Block block, Optional<TimeoutCert> lastTimeout) {
                return true;
            }
        };
    }

    /**
     * Those of a leader that lies: it keeps the rules of voting, but whenever it can, it proposes on a block further down than the highest that it
     * knows to be certified, so as to make a fork.
     */
    public static SafetyRules proposesForks(SafetyData data) {
        return new SafetyRules(data) {
            private final Deque<QuorumCert> known = new ArrayDeque<>();

            @Override
            boolean orderVote(QuorumCert cert) {
                known.add(cert);
                if (known.size() > FORK_DEPTH) {
                    known.removeFirst();
                }
                return super.orderVote(cert);
            }

            @Override
            QuorumCert buildOn(QuorumCert highest) {
                return known.isEmpty() ? highest : known.getFirst();
            }
        };
    }
}
