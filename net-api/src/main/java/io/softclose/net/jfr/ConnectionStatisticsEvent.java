/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionStats;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** How a connection fares. */
@Name("io.softclose.ConnectionStatistics")
@Label("Connection Statistics")
@Description("How an open connection fares; once in each period of the recording")
@Category("Softclose")
@StackTrace(false)
@Period("10 s")
final class ConnectionStatisticsEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("State")
    final String state;

    @DataAmount
    @Label("Received")
    final long receivedBytes;

    @DataAmount
    @Label("Sent")
    final long sentBytes;

    @Label("Frames Received")
    final long receivedFrames;

    @Label("Frames Sent")
    final long sentFrames;

    @Label("Waiting Messages")
    final long waitingMessages;

    @DataAmount
    @Label("Waiting")
    final long waitingBytes;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Blocked")
    final long blocked;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Stalled")
    final long stalled;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Last Heard")
    final long lastHeard;

    @Label("Reading")
    final boolean reading;

    ConnectionStatisticsEvent(Connection connection) {
        ConnectionStats stats = connection.stats();
        connectionId = connection.id();
        peer = connection.peer().toString();
        state = connection.state().name();
        receivedBytes = stats.received().bytes();
        sentBytes = stats.sent().bytes();
        receivedFrames = stats.received().frames();
        sentFrames = stats.sent().frames();
        waitingMessages = stats.waitingMessages();
        waitingBytes = stats.waitingBytes();
        blocked = stats.blocked().toNanos();
        stalled = stats.stalled().toNanos();
        lastHeard = stats.lastHeard().toNanos();
        reading = stats.reading();
    }
}
