/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import static java.util.Objects.requireNonNull;

import io.softclose.net.PeerId;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * What a {@link Validator} is told.
 *
 * @param index its own place among the validators, from 0
 * @param validators all of them, 1 to 64, in an order that is the same for all
 * @param roundTimeout how long it waits in a round before it gives up on it, as long as the rounds before are certified; 1 s,
 *     AptosNet's
 * @param timeoutGrowth by which that is multiplied for each round since the last certified one, 1 to 10; 1.2, AptosNet's
 * @param maxRoundTimeout to which it grows; 3 s, near AptosNet's
 * @param proposalInterval the least time that a leader leaves between entering its round and proposing; zero by default
 * @param proposalBytes to which a proposal is filled up, in bytes, at most 1 MiB
 * @param load batches and mempool's traffic
 * @param seed of all chance
 */
public record ValidatorSettings(
        int index,
        List<PeerId> validators,
        Duration roundTimeout,
        double timeoutGrowth,
        Duration maxRoundTimeout,
        Duration proposalInterval,
        int proposalBytes,
        Load load,
        long seed) {
    /** How many validators there may be. */
    public static final int MAX_VALIDATORS = 64;

    /** The largest {@link #proposalBytes}. */
    public static final int MAX_PROPOSAL_BYTES = 1 << 20;

    private static final double MAX_GROWTH = 10;

    /** Copies the list, and checks the bounds. */
    public ValidatorSettings {
        validators = List.copyOf(validators);
        Require.within("validators", validators.size(), 1, MAX_VALIDATORS);
        if (new HashSet<>(validators).size() < validators.size()) {
            throw new IllegalArgumentException("validators: " + validators + " (expected: each once)");
        }
        Require.within("index", index, 0, validators.size() - 1L);
        Require.positive("roundTimeout", roundTimeout);
        if (!(timeoutGrowth >= 1 && timeoutGrowth <= MAX_GROWTH)) {
            throw new IllegalArgumentException(
                    "timeoutGrowth: " + timeoutGrowth + " (expected: 1 to " + MAX_GROWTH + ")");
        }
        if (maxRoundTimeout.compareTo(roundTimeout) < 0) {
            throw new IllegalArgumentException(
                    "maxRoundTimeout: " + maxRoundTimeout + " (expected: at least roundTimeout, " + roundTimeout + ")");
        }
        Require.notNegative("proposalInterval", proposalInterval);
        Require.within("proposalBytes", proposalBytes, 0, MAX_PROPOSAL_BYTES);
        requireNonNull(load, "load");
    }

    /** Who it is. */
    public PeerId self() {
        return validators.get(index);
    }

    /**
     * Traffic besides consensus itself, at a steady rate, that keeps queues busy.
     *
     * @param batchesPerSecond how many batches of transactions a validator makes; 0 for none, at most 10 000
     * @param batchBytes size of each, 0 to 1 MiB
     * @param mempoolPerSecond how many messages of mempool's it sends to each of the others; 0 for none, at most 10 000
     * @param mempoolBytes size of each, 0 to 1 MiB
     */
    public record Load(double batchesPerSecond, int batchBytes, double mempoolPerSecond, int mempoolBytes) {
        private static final double MOST = 10_000;

        /** Checks the bounds. */
        public Load {
            requireRate("batchesPerSecond", batchesPerSecond);
            Require.within("batchBytes", batchBytes, 0, MAX_PROPOSAL_BYTES);
            requireRate("mempoolPerSecond", mempoolPerSecond);
            Require.within("mempoolBytes", mempoolBytes, 0, MAX_PROPOSAL_BYTES);
        }

        /** No traffic. */
        public static Load none() {
            return new Load(0, 0, 0, 0);
        }

        private static void requireRate(String name, double rate) {
            if (!(rate >= 0 && rate <= MOST)) {
                throw new IllegalArgumentException(name + ": " + rate + " (expected: 0 to " + MOST + ")");
            }
        }
    }

    /** Starts from the defaults, for the validator at an index. */
    public static Builder builder(int index, List<PeerId> validators) {
        return new Builder(index, validators);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final int index;
        private final List<PeerId> validators;
        private Duration roundTimeout = Duration.ofSeconds(1);
        private double timeoutGrowth = 1.2;
        private Duration maxRoundTimeout = Duration.ofSeconds(3);
        private Duration proposalInterval = Duration.ZERO;
        private int proposalBytes = 4096;
        private Load load = Load.none();
        private long seed;

        private Builder(int index, List<PeerId> validators) {
            this.index = index;
            this.validators = List.copyOf(validators);
        }

        /** Sets {@link ValidatorSettings#roundTimeout}, its growth, and its bound. */
        public Builder roundTimeout(Duration first, double growth, Duration most) {
            roundTimeout = first;
            timeoutGrowth = growth;
            maxRoundTimeout = most;
            return this;
        }

        /** Sets {@link ValidatorSettings#proposalInterval}. */
        public Builder proposalInterval(Duration least) {
            proposalInterval = least;
            return this;
        }

        /** Sets {@link ValidatorSettings#proposalBytes}. */
        public Builder proposalBytes(int bytes) {
            proposalBytes = bytes;
            return this;
        }

        /** Sets {@link ValidatorSettings#load}. */
        public Builder load(Load traffic) {
            load = traffic;
            return this;
        }

        /** Sets {@link ValidatorSettings#seed}. */
        public Builder seed(long chance) {
            seed = chance;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if one is out of its bounds
         */
        public ValidatorSettings build() {
            return new ValidatorSettings(
                    index,
                    validators,
                    roundTimeout,
                    timeoutGrowth,
                    maxRoundTimeout,
                    proposalInterval,
                    proposalBytes,
                    load,
                    seed);
        }
    }
}
