/* SPDX-License-Identifier: Apache-2.0 */
/** What is seen of a test network: what its validators and their networks tell, added up. It knows no network and no process. */
@NullMarked
package io.softclose.bench.testnet.figures;

import org.jspecify.annotations.NullMarked;
