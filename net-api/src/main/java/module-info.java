/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Softclose: peer-to-peer messaging whose connections close without losing messages, or say exactly which ones they
 * lost. {@link io.softclose.net} is what applications use; {@link io.softclose.net.spi} is what transports and close
 * policies implement; {@link io.softclose.net.guice} assembles networks with Guice, which is optional. Engine and wire
 * format are not exported.
 */
@SuppressWarnings({"module", "requires-automatic"}) // Guice and Micrometer have no module descriptors
@org.jspecify.annotations.NullMarked
module io.softclose.net {
    requires static com.google.guice;
    requires static jdk.jfr;
    requires static micrometer.core;
    requires static org.jspecify;

    exports io.softclose.net;
    exports io.softclose.net.connectivity;
    exports io.softclose.net.guice;
    exports io.softclose.net.health;
    exports io.softclose.net.jfr;
    exports io.softclose.net.metrics;
    exports io.softclose.net.spi;
    exports io.softclose.net.tls;

    uses io.softclose.net.spi.TransportProvider;
    uses io.softclose.net.spi.ClosePolicyProvider;
}
