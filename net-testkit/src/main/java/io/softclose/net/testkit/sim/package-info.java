/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A simulated network in virtual time, with the faults of a real one, repeatable from its seed: {@link
 * io.softclose.net.testkit.sim.SimNetwork}. On it, random runs of whole nodes, watched by an independent ledger: {@link
 * io.softclose.net.testkit.sim.Simulation}.
 */
@NullMarked
package io.softclose.net.testkit.sim;

import org.jspecify.annotations.NullMarked;
