/* SPDX-License-Identifier: Apache-2.0 */
/** What a ledger judges by besides its messages: what the wire carried, who ordered a close and by when, what was rare. */
@NullMarked
package io.softclose.net.testkit.sim.ledger.evidence;

import org.jspecify.annotations.NullMarked;
