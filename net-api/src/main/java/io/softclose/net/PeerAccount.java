/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/**
 * What became of the messages that were addressed to a peer, over all its connections. Read while messages flow it is a
 * moment's view, in which a send that is under way counts as pending.
 *
 * @param messages what was accepted, and how it ended at last, per lane: no lane has any {@link Outcome#HANDED_OVER}
 * @param waiting how many of those that are {@linkplain LaneAccount#pending pending} wait for a connection; the others are
 *     with one
 * @param handedOver how often a message has left a connection to wait for the next
 */
public record PeerAccount(Account messages, long waiting, long handedOver) {
    /** Whether every accepted message has its final outcome. */
    public boolean balanced() {
        return messages.balanced();
    }
}
