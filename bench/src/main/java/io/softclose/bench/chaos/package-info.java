/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Two nodes in processes of their own, which close connections in every way there is while the processes are stopped and
 * killed. Both write down what they see, and a third holds the two against each other.
 *
 * <p>The rooms know those before them alone: {@code plan}, {@code peer}, {@code judge}, and here the rounds.
 */
@NullMarked
package io.softclose.bench.chaos;

import org.jspecify.annotations.NullMarked;
