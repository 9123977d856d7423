/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.core;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BatchRequest;
import io.softclose.bench.testnet.consensus.message.ConsensusMsg.BlockRetrievalRequest;
import java.time.Duration;

/** What a {@link Replica} has done for it, and what it tells of itself. Nothing of it calls the replica before it returns. */
public interface Outlet {
    /** Sends a message to another validator. */
    void send(int to, ConsensusMsg message);

    /** Sends a message to all others. */
    void broadcast(ConsensusMsg message);

    /** Asks another validator for blocks; {@link Replica#retrieved} is told of the answer, or that there is none. */
    void retrieve(int from, BlockRetrievalRequest request);

    /** Asks another validator for a batch; {@link Replica#batchAnswered} is told of the answer, or that there is none. */
    void retrieve(int from, BatchRequest request);

    /** Has {@link Replica#roundTimeOver} called after this time. A new round's timer replaces that of the one before. */
    void startRoundTimer(long round, Duration time);

    /** Has {@link Replica#timeToPropose} called as soon as leaders may propose in a round that begins now. */
    void startProposalTimer(long round);

    /** A round began. */
    void roundEntered(long round, boolean byTimeout);

    /** A block was proposed here. */
    void proposed(Block block);

    /** The round's block came. */
    void proposalReceived(long round);

    /** A vote was given. */
    void voted(long round);

    /** A round was given up, for the first time. */
    void timedOut(long round);

    /** A quorum for a round's block is known. */
    void certified(long round);

    /** A block will be committed. */
    void ordered(Block block);

    /** A block was committed. */
    void committed(Block block);

    /** Blocks were committed elsewhere, and passed over here. */
    void skipped(long from, long to);

    /** A message was dropped that no validator sends. */
    void rejected(String why);

    /** Two blocks that exclude each other were decided. */
    void safetyViolated(String what);
}
