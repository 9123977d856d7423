/* SPDX-License-Identifier: Apache-2.0 */
/** Random runs of whole nodes: who sends, closes and breaks what, and when. */
@NullMarked
package io.softclose.net.testkit.sim.run;

import org.jspecify.annotations.NullMarked;
