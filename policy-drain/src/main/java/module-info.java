/* SPDX-License-Identifier: Apache-2.0 */
/** The close policies that drop, drain for a time, or close gracefully. */
@SuppressWarnings("requires-automatic") // Guice has no module descriptor
@org.jspecify.annotations.NullMarked
module io.softclose.policy.drain {
    requires transitive io.softclose.net;
    requires static com.google.guice;
    requires static org.jspecify;

    exports io.softclose.policy.drain;

    provides io.softclose.net.spi.ClosePolicyProvider with
            io.softclose.policy.drain.DropPolicyProvider,
            io.softclose.policy.drain.TimedDrainPolicyProvider,
            io.softclose.policy.drain.GracefulPolicyProvider;
}
