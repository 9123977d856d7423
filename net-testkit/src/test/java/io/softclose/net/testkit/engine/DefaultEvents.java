/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.NetworkEvents;

/** Takes nothing over: what is told stands in the log. A test still learns which connections there are. */
final class DefaultEvents implements NetworkEvents {
    private final RecordingEvents record;

    DefaultEvents(RecordingEvents record) {
        this.record = record;
    }

    @Override
    public void connected(Connection connection) {
        NetworkEvents.super.connected(connection);
        record.connected(connection);
    }

    @Override
    public void disconnected(Connection connection, CloseReport report) {
        NetworkEvents.super.disconnected(connection, report);
        record.disconnected(connection, report);
    }
}
