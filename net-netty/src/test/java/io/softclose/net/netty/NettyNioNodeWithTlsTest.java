/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.WithTls;

/** Whole nodes with TLS 1.3 over {@link NettyTransport} with one kind of I/O. */
final class NettyNioNodeWithTlsTest extends NettyNioNodeTest implements WithTls {}
