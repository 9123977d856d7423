/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Two nodes in processes and network namespaces of their own, and everything that a real kernel, a real wire and a real
 * scheduler can do to them. Runs only with the Maven profile {@code kernel}; see {@link
 * io.softclose.bench.kernel.Prerequisites} for what it needs.
 */
@NullMarked
package io.softclose.bench.kernel;

import org.jspecify.annotations.NullMarked;
