/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of validators in processes of their own. */
@NullMarked
package io.softclose.bench.testnet.process;

import org.jspecify.annotations.NullMarked;
