/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What both processes wrote down, held against each other and against the plan.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.bench.chaos.judge;
