/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.BlockId;
import io.softclose.bench.testnet.consensus.message.BlockRef;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sees all validators, and what they decide: never two blocks at one height, or in one round. */
final class Witness {
    private final Map<Long, BlockRef> byHeight = new HashMap<>();
    private final Map<Long, BlockId> byRound = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Long> seen = new TreeMap<>();
    private long highest;

    List<String> violations() {
        return violations;
    }

    /** What happened how often. */
    Map<String, Long> seen() {
        return seen;
    }

    /** The height of the highest block that any of them has committed. */
    long highest() {
        return highest;
    }

    void count(String what) {
        seen.merge(what, 1L, Long::sum);
    }

    private void decided(String who, BlockRef block) {
        BlockRef other = byHeight.putIfAbsent(block.height(), block);
        BlockId inRound = byRound.putIfAbsent(block.round(), block.id());
        if (other != null && !other.equals(block)) {
            violations.add(who + " decided block " + block + ", and somebody else block " + other);
        }
        if (inRound != null && !inRound.equals(block.id())) {
            violations.add(who + " decided block " + block + ", and somebody else " + inRound + " in the same round");
        }
    }

    /** What one validator tells, in one life of its. */
    ValidatorEvents of(int index) {
        return new ValidatorEvents() {
            private long height = -1;

            @Override
            public void roundEntered(long round, boolean byTimeout) {
                count(byTimeout ? "round by timeout" : "round by quorum");
            }

            @Override
            public void ordered(Block block) {
                count("ordered");
                decided("validator " + index, block.ref());
            }

            @Override
            public void committed(Block block) {
                count("committed");
                count(block.batches().isEmpty() ? "block without batches" : "block with batches");
                decided("validator " + index, block.ref());
                if (height >= 0 && block.height() != height + 1) {
                    violations.add("validator " + index + " committed height " + block.height() + " after " + height);
                }
                height = block.height();
                highest = Math.max(highest, height);
            }

            @Override
            public void skipped(long from, long to) {
                count("skipped");
                if (height >= 0 && from != height + 1) {
                    violations.add("validator " + index + " skipped from height " + from + " after " + height);
                }
                height = to;
            }

            @Override
            public void sent(Dispatch message, SendResult result) {
                count("sent " + message.kind() + (result.accepted() ? "" : " " + result));
            }

            @Override
            public void outcome(Dispatch message, Outcome outcome) {
                count("outcome " + outcome);
            }

            @Override
            public void rejected(String why) {
                violations.add("validator " + index + " rejected " + why);
            }

            @Override
            public void safetyViolated(String what) {
                violations.add("validator " + index + ": " + what);
            }
        };
    }
}
