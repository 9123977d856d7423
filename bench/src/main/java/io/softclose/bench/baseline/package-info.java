/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the benchmarks judge connections against: the same messages in the same frames over one loopback connection, sent
 * by code that does nothing else. No close, no account, no limits; a stream's thread does what its name says.
 */
@NullMarked
package io.softclose.bench.baseline;

import org.jspecify.annotations.NullMarked;
