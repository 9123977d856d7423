/* SPDX-License-Identifier: Apache-2.0 */
/** What is measured of a shutdown. */
@NullMarked
package io.softclose.bench.shutdown;

import org.jspecify.annotations.NullMarked;
