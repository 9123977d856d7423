/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.lab.WanPath;
import io.softclose.bench.lab.WanRelay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** The paths between validators: one from each to each other, by the validators' indices. */
final class Paths implements AutoCloseable {
    private final WanRelay relay;
    private final WanConditions conditions;
    private final Map<Way, WanPath> paths = new LinkedHashMap<>();

    /** From whom to whom connections are dialled. */
    private record Way(int from, int to) {
        boolean touches(int validator) {
            return from == validator || to == validator;
        }
    }

    private Paths(WanRelay relay, WanConditions conditions) {
        this.relay = relay;
        this.conditions = conditions;
    }

    /** Paths into each of these validators. */
    static Paths between(List<InetSocketAddress> validators, WanConditions conditions, long seed) throws IOException {
        Paths made = new Paths(WanRelay.open(), conditions);
        long size = validators.size();
        try {
            for (int from = 0; from < validators.size(); from++) {
                for (int to = 0; to < validators.size(); to++) {
                    if (from != to) {
                        Random jitter = new Random((seed * size + from) * size + to);
                        made.paths.put(new Way(from, to), made.relay.path(validators.get(to), conditions, jitter));
                    }
                }
            }
            return made;
        } catch (IOException | RuntimeException failed) {
            made.close();
            throw failed;
        }
    }

    /** Where a validator finds another. */
    InetSocketAddress address(int from, int to) {
        return requireNonNull(paths.get(new Way(from, to)), () -> "no path from " + from + " to " + to)
                .address();
    }

    /** Resets what there is between two validators. */
    void reset(int one, int other) {
        each(one, other, WanPath::reset);
    }

    /** Resets what a validator has. */
    void reset(int validator) {
        each(validator, WanPath::reset);
    }

    /** Passes nothing to and from a validator, without anybody being told. */
    void hold(int validator) {
        each(validator, WanPath::hold);
    }

    /** Passes what has been held. */
    void release(int validator) {
        each(validator, WanPath::release);
    }

    /** Has all paths of a validator be as slow as this. */
    void slow(int validator, long bytesPerSecond) {
        each(validator, path -> path.conditions(conditions.withRate(bytesPerSecond)));
    }

    /** Has all paths of a validator be as those of the others. */
    void fast(int validator) {
        each(validator, path -> path.conditions(conditions));
    }

    /** A validator is somewhere else now. */
    void target(int validator, InetSocketAddress address) {
        paths.forEach((way, path) -> {
            if (way.to() == validator) {
                path.target(address);
            }
        });
    }

    private void each(int validator, Consumer<WanPath> action) {
        paths.forEach((way, path) -> {
            if (way.touches(validator)) {
                action.accept(path);
            }
        });
    }

    private void each(int one, int other, Consumer<WanPath> action) {
        paths.forEach((way, path) -> {
            if (way.touches(one) && way.touches(other)) {
                action.accept(path);
            }
        });
    }

    @Override
    public void close() {
        relay.close();
    }
}
