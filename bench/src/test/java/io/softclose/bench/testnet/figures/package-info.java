/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of what is added up of a test network. */
@NullMarked
package io.softclose.bench.testnet.figures;

import org.jspecify.annotations.NullMarked;
