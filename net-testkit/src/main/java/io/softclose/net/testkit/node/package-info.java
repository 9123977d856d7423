/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Contract tests of whole nodes over a transport's real sockets: {@link io.softclose.net.testkit.node.NodeContract}. The nodes
 * that it plays with, for tests of one's own, too, are in {@link io.softclose.net.testkit.node.fixture}.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.net.testkit.node;
