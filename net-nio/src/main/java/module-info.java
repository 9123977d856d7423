/* SPDX-License-Identifier: Apache-2.0 */
/** The transport on raw NIO: selectors, and nothing beyond the JDK. */
@SuppressWarnings("requires-automatic") // Guice has no module descriptor
@org.jspecify.annotations.NullMarked
module io.softclose.net.nio {
    requires transitive io.softclose.net;
    requires jdk.net;
    requires static com.google.guice;
    requires static org.jspecify;

    exports io.softclose.net.nio;

    provides io.softclose.net.spi.TransportProvider with
            io.softclose.net.nio.NioTransportProvider;
}
