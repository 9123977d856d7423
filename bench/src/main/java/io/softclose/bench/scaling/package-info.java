/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The same load over more and more connections between two processes: what it costs, and whether each connection has its share.
 */
@NullMarked
package io.softclose.bench.scaling;

import org.jspecify.annotations.NullMarked;
