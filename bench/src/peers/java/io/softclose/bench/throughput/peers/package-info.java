/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The same bursts by libraries of the field, for a build with the profile {@code peers} alone. Each is used as its documentation has
 * it, one message of the application's being one of the library's.
 */
@NullMarked
package io.softclose.bench.throughput.peers;

import org.jspecify.annotations.NullMarked;
