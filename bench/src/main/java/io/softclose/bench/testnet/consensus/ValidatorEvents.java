/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus;

import io.softclose.bench.testnet.consensus.message.Block;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;

/**
 * What happens at a validator, as it happens. Every method but {@link #outcome}, {@link #handedOver} and {@link #voteHandled} is called one at a
 * time, in order, while the validator's lock is held: so it must be quick, and call nothing of the validator's but {@link Validator#state}, which is
 * that of before. Those three are called on whatever thread concludes, hands over or handles the message, at the same time as others. Nothing is done
 * by default.
 */
public interface ValidatorEvents {
    /** Events that nobody observes. */
    static ValidatorEvents none() {
        return new ValidatorEvents() {};
    }

    /**
     * A round began here.
     *
     * @param byTimeout whether the one before it was given up, and not certified
     */
    default void roundEntered(long round, boolean byTimeout) {}

    /** This validator, the round's leader, proposed a block. */
    default void proposed(Block block) {}

    /** The present round's block came, from another validator. */
    default void proposalReceived(long round) {}

    /** This validator voted for the round's block. */
    default void voted(long round) {}

    /** This validator gave up on the round; the first time in each round. */
    default void timedOut(long round) {}

    /** A quorum for this round's block became known here. */
    default void certified(long round) {}

    /** A block will be committed: told once a block, in the order of the chain, and not of blocks that were never here. */
    default void ordered(Block block) {}

    /** A block was committed: told once a block, in the order of the chain. */
    default void committed(Block block) {}

    /**
     * This validator was so far behind that it took over the others' state, without the blocks of these heights.
     *
     * @param from the first height that is skipped
     * @param to the last
     */
    default void skipped(long from, long to) {}

    /**
     * A message was offered to a peer.
     *
     * @param result whether it was accepted, or why not; of a request, whether it was made: its outcome is not told
     */
    default void sent(Dispatch message, SendResult result) {}

    /** An accepted message that is no request and no answer ended. */
    default void outcome(Dispatch message, Outcome outcome) {}

    /** An accepted message that is no request and no answer has left a connection for the receiver's next one. It may be told before it is sent. */
    default void handedOver(Dispatch message) {}

    /**
     * The network has given a vote to this validator, whether or not it has any use for it. It may be told before its sender is told
     * anything of it.
     *
     * @param from the sender's index
     * @param number of the vote, as in {@link Dispatch}
     */
    default void voteHandled(int from, long number) {}

    /** A message was dropped that no validator sends, or that came from somebody else. */
    default void rejected(String why) {}

    /** Two blocks that exclude each other were decided. It must never happen; the validator stops. */
    default void safetyViolated(String what) {}
}
