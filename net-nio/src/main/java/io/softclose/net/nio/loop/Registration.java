/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

import io.softclose.net.nio.base.Selectable;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/**
 * A channel's place with its loop's selector, which may be replaced: what the channel is watched for, and for whom, stays.
 * Confined to the loop.
 */
public final class Registration {
    private final LoopSelector owner;
    private final SelectableChannel channel;
    private Selectable target;
    private int interest;
    private @Nullable SelectionKey key;

    Registration(LoopSelector owner, SelectableChannel channel, Selectable target, int interest) {
        this.owner = owner;
        this.channel = channel;
        this.target = target;
        this.interest = interest;
    }

    /** Has this selector watch the channel; one that is closed is about to be replaced, and its successor will. */
    void enter(Selector selector) throws IOException {
        try {
            key = channel.register(selector, interest, this);
        } catch (ClosedSelectorException broken) {
            key = null;
        }
    }

    /** The same, unless the channel was closed, which any thread may do; tells whether it was open. */
    boolean enterIfOpen(Selector selector) throws IOException {
        try {
            enter(selector);
            return true;
        } catch (ClosedChannelException closed) {
            return false;
        }
    }

    /** Has the channel watched for other operations. */
    public void watchFor(int operations) {
        if (operations != interest) {
            interest = operations;
            try {
                if (key != null) {
                    key.interestOps(operations);
                }
            } catch (CancelledKeyException gone) {
                // The channel was closed, or the selector broke: its successor will know.
            }
        }
    }

    /** Has somebody else told from now on. */
    void handTo(Selectable heir, int operations) {
        target = heir;
        watchFor(operations);
    }

    /** Tells whom it is for that the channel is ready. */
    void ready() {
        SelectionKey selected = key;
        if (selected != null && selected.isValid()) {
            target.onReady(selected.readyOps());
        }
    }

    /** Has the next selection let go of the channel. */
    public void cancel() {
        owner.remove(channel);
        if (key != null) {
            key.cancel();
        }
    }
}
