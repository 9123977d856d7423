/* SPDX-License-Identifier: Apache-2.0 */
/** Hosts, their loops and their links, and what happens next. */
@NullMarked
package io.softclose.net.testkit.sim.world;

import org.jspecify.annotations.NullMarked;
