/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Three close policies that treat every message alike. Each keeps one lane, accounts for every message, and ends by its
 * deadline whatever the peer does; docs/closing.md compares what they guarantee and cost.
 *
 * <ul>
 *   <li>{@link io.softclose.policy.drain.DropPolicy drop} discards what is queued, and closes after the flush of one frame
 *   <li>{@link io.softclose.policy.drain.TimedDrainPolicy timed-drain} sends for 500 ms at most, and accepts meanwhile
 *   <li>{@link io.softclose.policy.drain.GracefulPolicy graceful} refuses sends, and drains for 10 s at most
 * </ul>
 */
@NullMarked
package io.softclose.policy.drain;

import org.jspecify.annotations.NullMarked;
