/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.nio.NioTransport;
import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.node.HostileTlsPeerContract;

/** Nodes over TLS on {@link NioTransport}, and peers that do their worst. */
class NioHostileTlsPeerTest implements NioUnderTest, HostileTlsPeerContract {}
