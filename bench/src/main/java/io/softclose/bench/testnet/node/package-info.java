/* SPDX-License-Identifier: Apache-2.0 */
/** One validator of a test network: what it is made of and told, and where it runs. It knows no test network. */
@NullMarked
package io.softclose.bench.testnet.node;

import org.jspecify.annotations.NullMarked;
