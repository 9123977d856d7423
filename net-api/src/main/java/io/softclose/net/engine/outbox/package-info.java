/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What waits to be sent, and who waits to send: the lanes, each with its gate and its room, and the outcomes of what
 * left them. Senders come in here from any thread; the loop takes out.
 */
@NullMarked
package io.softclose.net.engine.outbox;

import org.jspecify.annotations.NullMarked;
