/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What waits to be sent, and who waits to send: the admission gate, the lanes with their room, and the outcomes of what
 * left them. Senders come in here from any thread; the loop takes out.
 */
@NullMarked
package io.softclose.net.engine.outbox;

import org.jspecify.annotations.NullMarked;
