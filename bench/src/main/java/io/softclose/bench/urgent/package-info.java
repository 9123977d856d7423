/* SPDX-License-Identifier: Apache-2.0 */
/** How long an urgent message takes beside bulk on a slow path, measured. */
@NullMarked
package io.softclose.bench.urgent;

import org.jspecify.annotations.NullMarked;
