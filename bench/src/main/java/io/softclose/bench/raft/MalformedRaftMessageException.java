/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import java.io.Serial;

/** Bytes that are no message of Raft's, or no one that a member of this group sends. */
final class MalformedRaftMessageException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    MalformedRaftMessageException(String message) {
        super(message);
    }
}
