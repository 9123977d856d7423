/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

/**
 * How many bytes AptosNet's values have that these messages have no use for: zeros stand in their place, so that messages are as long as
 * real ones. Hashes of states, versions and timestamps of a {@code BlockInfo}; signatures of BLS12-381.
 */
final class Sizes {
    /** What a {@code BlockInfo} has besides id, round and height: epoch, state, timestamp, and that there is no next epoch. */
    static final int REST_OF_BLOCK_INFO = 51;

    /** A signature, or an aggregate of them. */
    static final int SIGNATURE = 96;

    /** A digest. */
    static final int HASH = 32;

    private Sizes() {}
}
