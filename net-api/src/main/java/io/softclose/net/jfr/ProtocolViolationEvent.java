/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A peer broke the protocol. */
@Name("io.softclose.ProtocolViolation")
@Label("Protocol Violation")
@Description("The peer broke the protocol, or told us that we did")
@Category("Softclose")
@StackTrace(false)
final class ProtocolViolationEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("Detail")
    final String detail;

    ProtocolViolationEvent(Connection connection, String what) {
        connectionId = connection.id();
        peer = connection.peer().toString();
        detail = what;
    }
}
