/* SPDX-License-Identifier: Apache-2.0 */
/** Drawings as SVG, and the markup that they are written in. */
@NullMarked
package io.softclose.bench.report.chart;

import org.jspecify.annotations.NullMarked;
