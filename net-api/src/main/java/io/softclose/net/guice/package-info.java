/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Assembles networks with Guice. A {@link io.softclose.net.guice.NetworkModule} for each network, beside one module for
 * each plugin, makes {@link io.softclose.net.Network} injectable:
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(
 *         new NetworkModule(NetworkModule.builder().handle(ProtocolId.MEMPOOL_DIRECT_SEND, Mempool.class)),
 *         new TlsModule(identity, trustedPeers),
 *         new NioTransportModule(),
 *         new GracefulPolicyModule());
 * Network network = injector.getInstance(Network.class);
 * }</pre>
 *
 * <p>Guice is optional: who does not use this package needs no Guice at run time. On a module path the application itself
 * requires {@code com.google.guice}, {@code com.google.common} and {@code jakarta.inject}.
 */
@NullMarked
package io.softclose.net.guice;

import org.jspecify.annotations.NullMarked;
