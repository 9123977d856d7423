/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftEndpoint;

/**
 * A node of the Raft group.
 *
 * @param index from 0
 */
record RaftMember(int index) implements RaftEndpoint {
    @Override
    public Object getId() {
        return index;
    }

    @Override
    public String toString() {
        return "node " + index;
    }
}
