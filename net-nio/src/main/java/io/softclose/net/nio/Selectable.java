/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import java.nio.channels.SelectionKey;

/** What a key is attached to: told on the loop when its channel is ready. */
@FunctionalInterface
interface Selectable {
    /** The channel was ready when selected; whatever ran since may have cancelled the key. */
    void onReady(SelectionKey key);
}
