/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;

/** What outlives a validator's process. */
public final class DurableState {
    final SafetyData safety = new SafetyData();
    final Certificates certificates = new Certificates();
    final BlockTree tree = new BlockTree();
    final Batches batches = new Batches();

    /** Of a validator that has never run. */
    public DurableState() {}

    /** What it has said. */
    public SafetyData safety() {
        return safety;
    }
}
