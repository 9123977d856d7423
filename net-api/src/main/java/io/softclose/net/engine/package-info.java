/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The sans-IO engine, not exported: driven by each link's event loop, it sees buffers, a clock and a scheduler, never a
 * socket. Its rooms, of which each knows those below it, are {@code node}, {@code connection}, {@code stream} and {@code
 * outbox}; what all of them need is here.
 */
@NullMarked
package io.softclose.net.engine;

import org.jspecify.annotations.NullMarked;
