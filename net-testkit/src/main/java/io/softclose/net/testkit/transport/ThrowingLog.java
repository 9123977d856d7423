/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A handler that throws at everything it is to write, on the root logger of {@code java.util.logging}, which {@link
 * System.Logger} uses by default. Tests that use it must not run in parallel with others in the same JVM.
 */
final class ThrowingLog extends Handler implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");

    private final AtomicInteger thrown = new AtomicInteger();

    private ThrowingLog() {}

    /** Throws from now on until it is closed. */
    static ThrowingLog install() {
        ThrowingLog log = new ThrowingLog();
        ROOT.addHandler(log);
        return log;
    }

    /** Whether anybody logged anything. */
    boolean threw() {
        return thrown.get() > 0;
    }

    @Override
    public void publish(LogRecord record) {
        thrown.incrementAndGet();
        throw new IllegalStateException("no space left on device (on purpose)");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ROOT.removeHandler(this);
    }
}
