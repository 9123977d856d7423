/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import io.softclose.net.Providers;
import io.softclose.net.spi.ClosePolicy;
import java.util.List;
import java.util.stream.Stream;

/** The close policies that may be compared: those that are found, and a baseline that is nobody's to use. */
public final class TestnetPolicies {
    /** From what AptosNet does on. */
    private static final List<String> ORDER = List.of("drop", "timed-drain", "graceful", "consensus-priority");

    private TestnetPolicies() {}

    /** Those that are compared if none is named. */
    public static List<String> usual() {
        List<String> found = Providers.closePolicyNames();
        return Stream.concat(ORDER.stream().filter(found::contains), found.stream())
                .distinct()
                .toList();
    }

    /** All that can be named, the usual ones first. */
    public static List<String> all() {
        return Stream.concat(usual().stream(), Stream.of(FixedTimerPolicy.NAME)).toList();
    }

    /** The policy of one of these names. */
    static ClosePolicy of(String name) {
        return name.equals(FixedTimerPolicy.NAME) ? new FixedTimerPolicy() : Providers.closePolicy(name);
    }
}
