/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a node's shutdown is worth, measured: urgent messages of all connections behind one bottleneck, and ten thousand
 * connections at once.
 */
@NullMarked
package io.softclose.bench.shutdown;

import org.jspecify.annotations.NullMarked;
