/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The contract of transports: {@link io.softclose.net.testkit.transport.TransportContract} is what a transport's author
 * runs.
 */
@NullMarked
package io.softclose.net.testkit.transport;

import org.jspecify.annotations.NullMarked;
