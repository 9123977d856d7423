/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where messages wait for handlers that are not called on the loop, or not done when they return. {@link
 * io.softclose.net.engine.inbox.Inbox} keeps their number within its bounds, and knows when all have been handled.
 */
@NullMarked
package io.softclose.net.engine.inbox;

import org.jspecify.annotations.NullMarked;
