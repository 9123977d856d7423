/* SPDX-License-Identifier: Apache-2.0 */
/** What a link is made of: what it lends and takes, what it reads, and its own end. */
@NullMarked
package io.softclose.net.testkit.sim.link;

import org.jspecify.annotations.NullMarked;
