/* SPDX-License-Identifier: Apache-2.0 */
/**
 * AptosNet's wire format, version 1, not exported: BCS primitives, frames, messages, streams and the handshake. Strict
 * when decoding: canonical lengths, no trailing bytes, nothing allocated by a length whose bytes are not there yet.
 */
@NullMarked
package io.softclose.net.wire;

import org.jspecify.annotations.NullMarked;
