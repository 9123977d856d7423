/* SPDX-License-Identifier: Apache-2.0 */
/** Hosts whose links speak TLS, and what really passes through it. */
@NullMarked
package io.softclose.net.testkit.sim.tls;

import org.jspecify.annotations.NullMarked;
