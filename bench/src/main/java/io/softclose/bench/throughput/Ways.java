/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The ways that there are. */
public final class Ways {
    /** Those of the field's libraries, which only a build with the profile {@code peers} has, in the order in which they are shown. */
    private static final List<String> PEERS = List.of("aeron", "jeromq", "reactor-netty", "rsocket");

    private Ways() {}

    /** All of this build, in the order in which they are shown. */
    public static List<Way> all() {
        Stream<Way> found = ServiceLoader.load(Way.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(way -> PEERS.indexOf(way.label())));
        return Stream.concat(Arrays.stream(BuiltInWay.values()), found).toList();
    }

    /** Whether another build has one of this name. */
    public static boolean elsewhere(String label) {
        return PEERS.contains(label)
                && all().stream().noneMatch(way -> way.label().equals(label));
    }

    /**
     * The one of this name.
     *
     * @throws IllegalArgumentException if this build has none
     */
    static Way named(String label) {
        return all().stream()
                .filter(way -> way.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("way: \"" + label + "\" (expected: one of "
                        + String.join(", ", all().stream().map(Way::label).toList()) + ")"));
    }
}
