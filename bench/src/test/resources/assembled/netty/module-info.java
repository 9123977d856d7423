/* SPDX-License-Identifier: Apache-2.0 */
@SuppressWarnings("requires-automatic") // Guice has no module descriptor
module assembled {
    requires com.google.common;
    requires com.google.guice;
    requires io.softclose.net;
    requires io.softclose.net.netty;
    requires io.softclose.policy.drain;
    requires jakarta.inject;

    exports assembled;
}
