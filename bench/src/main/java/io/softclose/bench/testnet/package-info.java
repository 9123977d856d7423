/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The audit's test network: four validators over real sockets, with latency between them and faults by a script, under one close
 * policy after another. Its room {@code consensus} is the protocol that they speak.
 */
@NullMarked
package io.softclose.bench.testnet;

import org.jspecify.annotations.NullMarked;
