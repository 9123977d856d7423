/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What each close policy does with messages still queued, under every transport: the audit's proof of concept and more.
 */
@NullMarked
package io.softclose.bench.compare;

import org.jspecify.annotations.NullMarked;
