/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A network begins to shut down. */
@Name("io.softclose.ShuttingDown")
@Label("Network Shutting Down")
@Description("A network begins to shut down")
@Category("Softclose")
@StackTrace(false)
final class ShuttingDownEvent extends Event {
    @Timespan(Timespan.NANOSECONDS)
    @Label("Time Left")
    final long timeLeft;

    ShuttingDownEvent(Duration left) {
        timeLeft = left.toNanos();
    }
}
