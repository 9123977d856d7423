/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection is open. */
@Name("io.softclose.ConnectionOpened")
@Label("Connection Opened")
@Description("A connection is open: messages may be sent")
@Category("Softclose")
@StackTrace(false)
final class ConnectionOpenedEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("Peer Proven")
    final boolean proven;

    @Label("Direction")
    final String direction;

    @Label("Remote Address")
    final String remoteAddress;

    ConnectionOpenedEvent(Connection connection) {
        connectionId = connection.id();
        peer = connection.peer().toString();
        proven = connection.provenPeer().isPresent();
        direction = connection.direction().name();
        remoteAddress = String.valueOf(connection.remoteAddress());
    }
}
