/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Results of {@code compare}, {@code testnet} and JMH as one page. Its rooms: {@code data}, what result files say; {@code chart},
 * drawings as SVG, which know nothing of results; and {@code page}, which shows the one by the other.
 */
@NullMarked
package io.softclose.bench.report;

import org.jspecify.annotations.NullMarked;
