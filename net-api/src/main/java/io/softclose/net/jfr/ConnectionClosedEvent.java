/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.CloseReport;
import io.softclose.net.LaneAccount;
import io.softclose.net.Outcome;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A connection has closed; its account. */
@Name("io.softclose.ConnectionClosed")
@Label("Connection Closed")
@Description("A connection has closed, and what became of every message that it had accepted")
@Category("Softclose")
@StackTrace(false)
final class ConnectionClosedEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("Reason")
    final String reason;

    @Label("Close Policy")
    final String policy;

    @Label("Ending")
    final String ending;

    @Label("Detail")
    final String detail;

    @Timespan(Timespan.NANOSECONDS)
    @Label("Close Duration")
    final long closeDuration;

    @Label("Lossless")
    final boolean lossless;

    @Label("Accepted")
    final long accepted;

    @Label("Delivered")
    final long delivered;

    @Label("Written")
    final long written;

    @Label("Uncertain")
    final long uncertain;

    @Label("Unsent")
    final long unsent;

    @Label("Discarded")
    final long discarded;

    @Label("Expired")
    final long expired;

    @Label("Handed Over")
    final long handedOver;

    @Label("Unhandled")
    final long unhandled;

    ConnectionClosedEvent(CloseReport report) {
        connectionId = report.connectionId();
        peer = report.peer().toString();
        reason = report.reason().name();
        policy = report.policy();
        ending = report.ending().name();
        detail = report.detail();
        closeDuration = report.duration().toNanos();
        lossless = report.lossless();
        LaneAccount total = report.account().total();
        accepted = total.accepted();
        delivered = total.count(Outcome.DELIVERED);
        written = total.count(Outcome.WRITTEN);
        uncertain = total.count(Outcome.UNCERTAIN);
        unsent = total.count(Outcome.UNSENT);
        discarded = total.count(Outcome.DISCARDED);
        expired = total.count(Outcome.EXPIRED);
        handedOver = total.count(Outcome.HANDED_OVER);
        unhandled = report.unhandled();
    }
}
