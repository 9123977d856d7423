/* SPDX-License-Identifier: Apache-2.0 */
/** Raft over Softclose: its messages as bytes, what is looked for in its logs, and short runs. */
@NullMarked
package io.softclose.bench.raft;

import org.jspecify.annotations.NullMarked;
