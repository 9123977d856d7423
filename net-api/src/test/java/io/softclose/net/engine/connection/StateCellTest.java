/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ConnectionState;
import org.junit.jupiter.api.Test;

class StateCellTest {
    private final StateCell cell = new StateCell();

    @Test
    void aStateThatDoesNotFollowIsRefused() {
        cell.moveTo(ConnectionState.HANDSHAKING);

        var refused = assertThrows(IllegalStateException.class, () -> cell.moveTo(ConnectionState.DRAINING));

        assertTrue(String.valueOf(refused.getMessage()).startsWith("state: DRAINING after HANDSHAKING"));
        assertEquals(ConnectionState.HANDSHAKING, cell.get());
    }

    @Test
    void noStateFollowsItself() {
        assertThrows(IllegalStateException.class, () -> cell.moveTo(ConnectionState.DIALING));
    }
}
