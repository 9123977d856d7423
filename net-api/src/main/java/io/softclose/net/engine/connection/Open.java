/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.InputEnd;

/** Messages flow. Loop only. */
final class Open extends Unclosed {
    Open(Parts parts, Life life) {
        super(parts, life);
    }

    @Override
    public void peerEnded(InputEnd end) {
        boolean replaced = life.replaced();
        life.begin(
                orderFor(replaced ? DisconnectReason.DUPLICATE_CONNECTION : DisconnectReason.CONNECTION_CLOSED), end);
    }

    @Override
    public void inputBroken() {
        life.begin(orderFor(DisconnectReason.PROTOCOL_ERROR), null);
    }

    @Override
    public void close(CloseOrder order) {
        life.begin(order, null);
    }

    @Override
    DisconnectReason reasonOfLoss() {
        return DisconnectReason.INPUT_OUTPUT_ERROR;
    }

    private CloseOrder orderFor(DisconnectReason reason) {
        return CloseOrder.of(parts.settings().policy(), reason, parts.loop().nanoTime());
    }
}
