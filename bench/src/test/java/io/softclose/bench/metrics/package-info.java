/* SPDX-License-Identifier: Apache-2.0 */
/** Whatever a network loses stands in the log, in its metrics and in a recording. */
@org.jspecify.annotations.NullMarked
package io.softclose.bench.metrics;
