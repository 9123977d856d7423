/* SPDX-License-Identifier: Apache-2.0 */
/** Contract tests for transports and close policies, with the doubles and leak checks they need. */
@org.jspecify.annotations.NullMarked
module io.softclose.net.testkit {
    requires transitive io.softclose.net;
    requires transitive org.junit.jupiter.api;
    requires java.logging;
    requires static org.jspecify;

    exports io.softclose.net.testkit;
    exports io.softclose.net.testkit.fake;
    exports io.softclose.net.testkit.node;
    exports io.softclose.net.testkit.node.fixture;
    exports io.softclose.net.testkit.policy;
    exports io.softclose.net.testkit.sim;
    exports io.softclose.net.testkit.transport;
    exports io.softclose.net.testkit.transport.fixture;
    exports io.softclose.net.testkit.wire;
}
