/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Validators in processes of their own: the processes, which say line by line what happens to them, and the other end, which tells them what to do
 * and hands on what they say.
 */
@NullMarked
package io.softclose.bench.testnet.process;

import org.jspecify.annotations.NullMarked;
