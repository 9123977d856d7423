/* SPDX-License-Identifier: Apache-2.0 */
/** The account of a whole simulation that shares nothing with the engine, and what must be true of it. */
@NullMarked
package io.softclose.net.testkit.sim.ledger;

import org.jspecify.annotations.NullMarked;
