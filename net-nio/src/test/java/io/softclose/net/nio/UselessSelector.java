/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** All that is asked of it fails. */
final class UselessSelector extends AbstractSelector {
    UselessSelector() {
        super(SelectorProvider.provider());
    }

    private static InternalError failure() {
        return new InternalError("on purpose");
    }

    @Override
    public Set<SelectionKey> keys() {
        throw failure();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw failure();
    }

    @Override
    public int selectNow() {
        throw failure();
    }

    @Override
    public int select(long timeoutMillis) {
        throw failure();
    }

    @Override
    public int select() {
        throw failure();
    }

    @Override
    public Selector wakeup() {
        throw failure();
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw failure();
    }

    @Override
    protected void implCloseSelector() {}
}
