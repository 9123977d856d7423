/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.core.SafetyRules.SafetyData;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.Sync;
import io.softclose.bench.testnet.consensus.message.MessageCodec;
import io.softclose.bench.testnet.consensus.message.SyncInfo;
import java.nio.ByteBuffer;

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

    /**
     * What a validator must not have forgotten when it speaks again, for {@link #readEssence}: what it has said, its certificates, and which
     * numbers of batches it has used. Blocks and batches are not among it: others have them, and are asked.
     */
    public void writeEssence(ByteBuffer out) {
        safety.write(out);
        out.putLong(batches.nextNumber());
        out.put(MessageCodec.encode(new Sync(certificates.sync())));
    }

    /**
     * Takes it over, into the state of a validator that has never run.
     *
     * @param in from its position to its limit
     * @throws io.softclose.bench.testnet.consensus.message.MalformedMessageException if it is none
     */
    public void readEssence(ByteBuffer in) {
        safety.read(in);
        batches.startAt(in.getLong());
        SyncInfo sync = ((Sync) MessageCodec.decode(in)).sync();
        certificates.certify(sync.certified());
        certificates.order(sync.ordered());
        certificates.commit(sync.committed());
        sync.timeout().ifPresent(certificates::giveUp);
    }
}
