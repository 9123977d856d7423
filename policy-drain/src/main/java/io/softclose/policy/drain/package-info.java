/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Three close policies that treat every message alike.
 *
 * <table>
 * <caption>What each policy guarantees, and what that costs</caption>
 * <tr><th>policy</th><th>what happens to the queue</th><th>what was written</th><th>time to close</th></tr>
 * <tr>
 *   <td>{@link io.softclose.policy.drain.DropPolicy drop}</td>
 *   <td>DISCARDED, every message of it</td>
 *   <td>may be destroyed by a reset if the peer is still talking</td>
 *   <td>the flush of one frame</td>
 * </tr>
 * <tr>
 *   <td>{@link io.softclose.policy.drain.TimedDrainPolicy timed-drain}</td>
 *   <td>sent for 500 ms at most, the rest UNSENT</td>
 *   <td>left for the peer to read</td>
 *   <td>500 ms, then until the peer's end</td>
 * </tr>
 * <tr>
 *   <td>{@link io.softclose.policy.drain.GracefulPolicy graceful}</td>
 *   <td>sent for 10 s at most, the rest UNSENT</td>
 *   <td>left for the peer to read</td>
 *   <td>as long as the queue needs, then until the peer's end</td>
 * </tr>
 * </table>
 *
 * <p>Every policy keeps one lane, accounts for every message, and ends by its deadline whatever the peer does.
 */
@NullMarked
package io.softclose.policy.drain;

import org.jspecify.annotations.NullMarked;
