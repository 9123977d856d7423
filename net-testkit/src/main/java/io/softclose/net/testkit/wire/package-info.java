/* SPDX-License-Identifier: Apache-2.0 */
/**
 * AptosNet's wire format once more, sharing no code with the codec, and a peer on a plain socket that speaks it.
 */
@NullMarked
package io.softclose.net.testkit.wire;

import org.jspecify.annotations.NullMarked;
