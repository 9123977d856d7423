/* SPDX-License-Identifier: Apache-2.0 */
/**
 * All connections of one network: dials, listeners, the door for inbound links, shutdown.
 */
@NullMarked
package io.softclose.net.engine.node;

import org.jspecify.annotations.NullMarked;
