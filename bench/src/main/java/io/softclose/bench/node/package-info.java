/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The two ends of a conversation, {@code node} and {@code send}, for debugging interoperability; what they print, and
 * how they end.
 */
@NullMarked
package io.softclose.bench.node;

import org.jspecify.annotations.NullMarked;
