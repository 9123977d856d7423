/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Peer;
import io.softclose.net.ReturnedMessage;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A message to a peer has come back to whoever sent it. */
@Name("io.softclose.MessageReturned")
@Label("Message Returned")
@Description("A message or request to a peer has waited for a connection in vain")
@Category("Softclose")
@StackTrace(false)
final class MessageReturnedEvent extends Event {
    @Label("Peer")
    final String peer;

    @Label("Protocol")
    final String protocol;

    @DataAmount
    @Label("Payload")
    final int payloadBytes;

    @Label("Outcome")
    final String outcome;

    @Label("Lane")
    final String lane;

    MessageReturnedEvent(Peer addressed, ReturnedMessage returned) {
        peer = addressed.peerId().toString();
        protocol = returned.message().protocol().name();
        payloadBytes = returned.message().payload().remaining();
        outcome = returned.outcome().name();
        lane = returned.lane();
    }
}
