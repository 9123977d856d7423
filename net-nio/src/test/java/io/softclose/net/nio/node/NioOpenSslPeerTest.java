/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.nio.NioTransport;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.node.OpenSslPeerContract;

/** Nodes over TLS on {@link NioTransport}, and {@code openssl}. */
class NioOpenSslPeerTest implements NioUnderTest, OpenSslPeerContract {}
