/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Requests and their answers, in both directions: between {@code stream}, whose messages they are, and {@code connection}.
 */
@NullMarked
package io.softclose.net.engine.rpc;

import org.jspecify.annotations.NullMarked;
