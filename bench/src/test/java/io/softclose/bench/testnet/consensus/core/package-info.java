/* SPDX-License-Identifier: Apache-2.0 */
/** What a validator decides, step by step, and rules that lack something. */
@NullMarked
package io.softclose.bench.testnet.consensus.core;

import org.jspecify.annotations.NullMarked;
