/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line: {@code compare} shows what each close policy does with messages still queued, {@code node} and {@code
 * send} are the two ends of a conversation for debugging interoperability.
 */
@NullMarked
package io.softclose.bench;

import org.jspecify.annotations.NullMarked;
