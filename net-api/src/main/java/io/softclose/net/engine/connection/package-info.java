/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One connection's life: its phases from the handshake to its conclusion, the close protocol, and the application's side of
 * it.
 */
@NullMarked
package io.softclose.net.engine.connection;

import org.jspecify.annotations.NullMarked;
