/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Raft over Softclose: nodes of MicroRaft replicate a log over a network that is bad, and over MicroRaft's own way within one process, and
 * their logs are compared.
 */
@NullMarked
package io.softclose.bench.raft;

import org.jspecify.annotations.NullMarked;
