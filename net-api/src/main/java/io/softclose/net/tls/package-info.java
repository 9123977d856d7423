/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Mutual TLS for every transport: {@link io.softclose.net.tls.TlsTransport} is a layer over another transport, and a
 * transport like any other. Who a peer is follows from its key: its {@link io.softclose.net.PeerId} is the SHA-256 digest
 * of the public key in its certificate, and {@link io.softclose.net.tls.TrustedPeers} says who may come in.
 */
@NullMarked
package io.softclose.net.tls;

import org.jspecify.annotations.NullMarked;
