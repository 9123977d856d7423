/* SPDX-License-Identifier: Apache-2.0 */
/** One validator of a test network whose others are elsewhere: on other hosts, started by whoever runs those. */
@NullMarked
package io.softclose.bench.testnet.host;

import org.jspecify.annotations.NullMarked;
