/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.jfr;

import io.softclose.net.Connection;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Code of the application threw. */
@Name("io.softclose.CallbackFailed")
@Label("Callback Failed")
@Description("Code of the application threw")
@Category("Softclose")
@StackTrace(false)
final class CallbackFailedEvent extends Event {
    @Label("Connection")
    final long connectionId;

    @Label("Peer")
    final String peer;

    @Label("Callback")
    final String callback;

    @Label("Class")
    final Class<?> thrownClass;

    @Label("Message")
    final String message;

    CallbackFailedEvent(Connection connection, String what, Throwable failure) {
        connectionId = connection.id();
        peer = connection.peer().toString();
        callback = what;
        thrownClass = failure.getClass();
        message = String.valueOf(failure.getMessage());
    }
}
