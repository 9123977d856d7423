/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Contract tests of whole nodes over a transport's real sockets: {@link io.softclose.net.testkit.node.NodeContract}, and
 * the nodes that it uses, for tests of one's own.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.net.testkit.node;
