/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.net.Providers;
import io.softclose.net.spi.ClosePolicy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The close policies that may be compared: those that are found, and baselines that are nobody's to use. */
public final class TestnetPolicies {
    /** From what AptosNet does on. */
    private static final List<String> ORDER = List.of("drop", "timed-drain", "graceful", "consensus-priority");

    /**
     * Hiero's consensus node ends a conversation by finishing the message that it is writing and clearing its queues in both directions ({@code
     * RpcPeerProtocol.runProtocol}, commit 1967b4095872). Of what is to be sent, that is drop; of what has come, nothing waits here.
     */
    private static final Map<String, String> ALIASES = Map.of("hiero", "drop");

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
        return Stream.concat(
                        usual().stream(),
                        Stream.concat(
                                Stream.of(FixedTimerPolicy.NAME),
                                ALIASES.keySet().stream().sorted()))
                .toList();
    }

    /**
     * Under which name a policy is played: its own, unless it is by definition the same run as another's.
     *
     * @param name one of {@link #all}
     */
    public static String played(String name) {
        return ALIASES.getOrDefault(name, name);
    }

    /** Other names of a policy. */
    public static List<String> aliases(String policy) {
        return ALIASES.entrySet().stream()
                .filter(alias -> alias.getValue().equals(policy))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The policy of a name under which it is played. */
    static ClosePolicy of(String name) {
        return name.equals(FixedTimerPolicy.NAME) ? new FixedTimerPolicy() : Providers.closePolicy(name);
    }
}
