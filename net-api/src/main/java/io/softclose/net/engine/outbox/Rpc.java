/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static java.util.Objects.requireNonNull;

import io.softclose.net.wire.RpcHead;

/** What makes a queued message a request or an answer. */
public final class Rpc {
    private final RpcHead head;

    /** Whether nobody wants it any more: it is not to start. Confined to the loop. */
    private boolean withdrawn;

    /** One that is wanted. */
    public Rpc(RpcHead head) {
        this.head = requireNonNull(head, "head");
    }

    /** What it says before its payload. */
    public RpcHead head() {
        return head;
    }

    /** It is not to start any more. Loop only. */
    void withdraw() {
        withdrawn = true;
    }

    boolean withdrawn() {
        return withdrawn;
    }
}
