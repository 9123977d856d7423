/* SPDX-License-Identifier: Apache-2.0 */
/** Channels, and the two families of addresses that they are opened for. */
@NullMarked
package io.softclose.net.nio.socket;

import org.jspecify.annotations.NullMarked;
