/* SPDX-License-Identifier: Apache-2.0 */
/** What a random run is like, and what its users' own code does in it. */
@NullMarked
package io.softclose.net.testkit.sim.scenario;

import org.jspecify.annotations.NullMarked;
