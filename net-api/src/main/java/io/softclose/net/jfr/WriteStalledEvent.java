/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A peer takes nothing. */
@Name("io.softclose.WriteStalled")
@Label("Write Stalled")
@Description("The peer of an open connection takes nothing; the connection ends")
@Category("Softclose")
@StackTrace(false)
final class WriteStalledEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Taken Nothing For")
    final long stalledFor;

    WriteStalledEvent(Connection connection, Duration takenNothingFor) {
        connectionId = connection.id();
        peer = connection.peer().toString();
        stalledFor = takenNothingFor.toNanos();
    }
}
