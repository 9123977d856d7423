/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftNode;
import io.microraft.transport.Transport;
import java.util.List;

/** What a group's nodes reach each other by. */
interface Wiring {
    /** The transport of one node. */
    Transport transport(int node);

    /** Where what comes for each node goes from now on; before that it is dropped. */
    void connect(List<RaftNode> nodes) throws InterruptedException;

    /** Whether anything can go wrong with it. */
    boolean mayFail();

    /** Resets what there is between two nodes. */
    void reset(int one, int other);

    /** Passes nothing to and from a node any more, without anybody being told. */
    void hold(int node);

    /** Passes what has been held. */
    void release(int node);

    /** What it did, once it has ended. */
    RaftResult.Traffic traffic();

    /** Ends it, and waits for that. */
    void end() throws InterruptedException;
}
