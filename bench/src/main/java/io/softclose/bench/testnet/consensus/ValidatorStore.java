/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.core.DurableState;

/**
 * What a validator must not forget when its process ends: what it has voted for, its blocks and its certificates. It stands for a
 * disk on which each write is durable at once, and is in memory. A validator that starts with the store of a former one goes on
 * where that one was; one that starts with an empty store, in the place of one that has voted, breaks the protocol. Used by one validator at
 * a time; a validator that is closed uses it no more.
 */
public final class ValidatorStore {
    final DurableState state = new DurableState();

    /** The store of a validator that has never run. */
    public ValidatorStore() {}
}
