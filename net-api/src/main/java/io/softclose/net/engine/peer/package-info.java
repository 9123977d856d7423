/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What outlives a connection: who is at the other end, what waits for the next connection, and which of two connections
 * stays.
 */
@NullMarked
package io.softclose.net.engine.peer;

import org.jspecify.annotations.NullMarked;
