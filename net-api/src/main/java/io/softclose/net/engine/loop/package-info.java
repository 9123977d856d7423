/* SPDX-License-Identifier: Apache-2.0 */
/** A loop as one connection has it: guarded, its work done in turns, and every visit seen from outside. */
@NullMarked
package io.softclose.net.engine.loop;

import org.jspecify.annotations.NullMarked;
