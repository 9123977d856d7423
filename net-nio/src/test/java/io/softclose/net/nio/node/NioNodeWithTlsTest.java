/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.nio.NioTransport;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.WithTls;
import io.softclose.net.testkit.node.NodeContract;

/** Whole nodes with TLS 1.3 over {@link NioTransport}, among peers that speak it by the JDK's own sockets. */
class NioNodeWithTlsTest implements NioUnderTest, NodeContract, WithTls {}
