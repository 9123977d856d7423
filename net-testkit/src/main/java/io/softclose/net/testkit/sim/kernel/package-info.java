/* SPDX-License-Identifier: Apache-2.0 */
/** What the kernels of the simulated hosts do: TCP's rules for a socket, its way to its peer, and what is known of it afterwards. */
@NullMarked
package io.softclose.net.testkit.sim.kernel;

import org.jspecify.annotations.NullMarked;
