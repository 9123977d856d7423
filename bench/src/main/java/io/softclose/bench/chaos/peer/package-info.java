/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One of the two processes: it plays its part of the plan, and writes down what it sees.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.bench.chaos.peer;
