/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The application's view: a {@link io.softclose.net.Network} dials and accepts {@link io.softclose.net.Connection}s;
 * each accepted {@link io.softclose.net.Message} ends in exactly one {@link io.softclose.net.Outcome}; each connection
 * ends with a {@link io.softclose.net.CloseReport}.
 */
@NullMarked
package io.softclose.net;

import org.jspecify.annotations.NullMarked;
