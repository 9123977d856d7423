/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The contract of close policies: {@link io.softclose.net.testkit.policy.ClosePolicyContract}, and a close that is
 * simulated for it.
 */
@NullMarked
package io.softclose.net.testkit.policy;

import org.jspecify.annotations.NullMarked;
