/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.HandshakeException;
import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An inbound link was refused. */
@Name("io.softclose.InboundRefused")
@Label("Inbound Link Refused")
@Description("An inbound link ended before it became a connection")
@Category("Softclose")
@StackTrace(false)
final class InboundRefusedEvent extends Event {
    @Label("Remote Address")
    final String remoteAddress;

    @Label("Cause")
    final String cause;

    InboundRefusedEvent(SocketAddress remote, HandshakeException refusal) {
        remoteAddress = String.valueOf(remote);
        cause = String.valueOf(refusal.getMessage());
    }
}
