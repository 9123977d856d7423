/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The JMH benchmarks: connections over every transport and under every policy, beside the baselines that they are judged
 * against. The method and how to read the figures: {@code docs/benchmarks.md}.
 */
@NullMarked
package io.softclose.bench.jmh;

import org.jspecify.annotations.NullMarked;
