/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.lab.NetPath;
import io.softclose.bench.lab.WanConditions;
import io.softclose.bench.lab.WanRelay;
import io.softclose.bench.lab.WireMesh;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** The paths between validators: one from each to each other, by the validators' indices. For one thread. */
final class Paths implements AutoCloseable {
    private final Runnable end;
    private final WanConditions conditions;
    private final Map<Way, NetPath> paths = new LinkedHashMap<>();
    /** How often each is held. */
    private final Map<Way, Integer> holds = new HashMap<>();

    private final Set<Integer> slow = new HashSet<>();

    /** From whom to whom connections are dialled. */
    private record Way(int from, int to) {
        boolean touches(int validator) {
            return from == validator || to == validator;
        }

        boolean joins(int one, int other) {
            return touches(one) && touches(other);
        }
    }

    private Paths(Runnable end, WanConditions conditions) {
        this.end = end;
        this.conditions = conditions;
    }

    /** Makes one of them. */
    private interface Maker {
        NetPath path(Way way) throws IOException;
    }

    /** Paths into each of these validators, by a relay on the loopback interface. */
    static Paths relayed(List<InetSocketAddress> validators, WanConditions conditions, long seed) throws IOException {
        WanRelay relay = WanRelay.open();
        long size = validators.size();
        return new Paths(relay::close, conditions).with(validators.size(), way -> {
            Random jitter = new Random((seed * size + way.from()) * size + way.to());
            return relay.path(validators.get(way.to()), conditions, jitter);
        });
    }

    /** Paths into each of these validators, by wires, which stay. */
    static Paths wired(List<InetSocketAddress> validators, WanConditions conditions, WireMesh wires)
            throws IOException {
        return new Paths(() -> {}, conditions)
                .with(validators.size(), way -> wires.path(way.from(), way.to(), validators.get(way.to()), conditions));
    }

    private Paths with(int validators, Maker maker) throws IOException {
        try {
            for (int from = 0; from < validators; from++) {
                for (int to = 0; to < validators; to++) {
                    if (from != to) {
                        Way way = new Way(from, to);
                        paths.put(way, maker.path(way));
                    }
                }
            }
            return this;
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Where a validator finds another. */
    InetSocketAddress address(int from, int to) {
        return at(new Way(from, to)).address();
    }

    private NetPath at(Way way) {
        return requireNonNull(paths.get(way), () -> "no path from " + way.from() + " to " + way.to());
    }

    /** Resets what there is between two validators. */
    void reset(int one, int other) {
        each(one, other, NetPath::reset);
    }

    /** Resets what a validator has. */
    void reset(int validator) {
        each(validator, NetPath::reset);
    }

    /** Passes nothing to and from a validator, without anybody being told. A path that is held twice is to be released twice. */
    void hold(int validator) {
        paths.keySet().stream().filter(way -> way.touches(validator)).forEach(this::hold);
    }

    /** Passes what has been held. */
    void release(int validator) {
        paths.keySet().stream().filter(way -> way.touches(validator)).forEach(this::release);
    }

    /** Passes nothing between two validators, as {@link #hold(int)}. */
    void hold(int one, int other) {
        paths.keySet().stream().filter(way -> way.joins(one, other)).forEach(this::hold);
    }

    /** Passes what has been held between two validators. */
    void release(int one, int other) {
        paths.keySet().stream().filter(way -> way.joins(one, other)).forEach(this::release);
    }

    private void hold(Way way) {
        if (holds.merge(way, 1, Integer::sum) == 1) {
            at(way).hold();
        }
    }

    private void release(Way way) {
        if (holds.merge(way, -1, Integer::sum) == 0) {
            at(way).release();
        }
    }

    /** Has all paths of a validator be as slow as this. */
    void slow(int validator, long bytesPerSecond) {
        slow.add(validator);
        each(validator, path -> path.conditions(conditions.withRate(bytesPerSecond)));
    }

    /** Has all paths of a validator be as those of the others, but for those to another that is slow. */
    void fast(int validator) {
        slow.remove(validator);
        paths.forEach((way, path) -> {
            if (way.touches(validator) && slow.stream().noneMatch(way::touches)) {
                path.conditions(conditions);
            }
        });
    }

    /** A validator is somewhere else now. */
    void target(int validator, InetSocketAddress address) {
        paths.forEach((way, path) -> {
            if (way.to() == validator) {
                path.target(address);
            }
        });
    }

    private void each(int validator, Consumer<NetPath> action) {
        paths.forEach((way, path) -> {
            if (way.touches(validator)) {
                action.accept(path);
            }
        });
    }

    private void each(int one, int other, Consumer<NetPath> action) {
        paths.forEach((way, path) -> {
            if (way.joins(one, other)) {
                action.accept(path);
            }
        });
    }

    @Override
    public void close() {
        end.run();
    }
}
