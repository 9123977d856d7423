/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A transport over TCP and Unix domain sockets on the JDK's selectors: {@link io.softclose.net.nio.NioTransport}. Its
 * provider's name is {@code nio}.
 */
@NullMarked
package io.softclose.net.nio;

import org.jspecify.annotations.NullMarked;
