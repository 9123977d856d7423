/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The sans-IO engine, not exported: one connection's outbox, writer, reader and close protocol, driven by its link's
 * event loop. It sees buffers, a clock and a scheduler, never a socket.
 */
@NullMarked
package io.softclose.net.engine;

import org.jspecify.annotations.NullMarked;
