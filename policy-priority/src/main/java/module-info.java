/* SPDX-License-Identifier: Apache-2.0 */
/** The close policy that sends consensus messages first, and the classes it sorts messages into. */
@SuppressWarnings("requires-automatic") // Guice has no module descriptor
@org.jspecify.annotations.NullMarked
module io.softclose.policy.priority {
    requires transitive io.softclose.net;
    requires static com.google.guice;
    requires static org.jspecify;

    exports io.softclose.policy.priority;

    provides io.softclose.net.spi.ClosePolicyProvider with
            io.softclose.policy.priority.ConsensusPriorityPolicyProvider;
}
