/* SPDX-License-Identifier: Apache-2.0 */
/** Turns, tasks and selectors, their beginning and end, and the sockets that linger. */
@NullMarked
package io.softclose.net.nio.loop;

import org.jspecify.annotations.NullMarked;
