/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import io.softclose.net.ProtocolId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Nobody handles what came. */
@Name("io.softclose.Unhandled")
@Label("Unhandled Protocol")
@Description("A message or request came that no handler takes: the first of its protocol on this connection")
@Category("Softclose")
@StackTrace(false)
final class UnhandledEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("Protocol")
    final String protocol;

    UnhandledEvent(Connection connection, ProtocolId unhandled) {
        connectionId = connection.id();
        peer = connection.peer().toString();
        protocol = unhandled.name();
    }
}
