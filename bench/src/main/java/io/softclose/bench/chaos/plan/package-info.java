/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is to happen in a round: all of it comes from a seed, so that both processes and the judge know it.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.bench.chaos.plan;
