/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Messages a second from one process to another, by ours and by others' ways, one after the other in rounds.
 */
@NullMarked
package io.softclose.bench.throughput;

import org.jspecify.annotations.NullMarked;
