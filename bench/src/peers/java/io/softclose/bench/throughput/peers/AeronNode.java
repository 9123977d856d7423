/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A media driver of this process's own, on one thread, and a client of it. Windows and socket buffers are of 2 MiB, as Aeron's
 * documentation advises, which the operating system must allow (Linux: {@code net.core.rmem_max} and {@code wmem_max}). The driver's
 * files are in a folder of their own, which goes with it.
 */
final class AeronNode implements AutoCloseable {
    static final int STREAM_ID = 1001;
    /** The largest that Aeron takes. */
    static final int MTU_BYTES = 65_504;

    private static final int WINDOW_BYTES = 2 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final MediaDriver driver;
    private final Aeron aeron;

    AeronNode() {
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(CommonContext.generateRandomDirName())
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .mtuLength(MTU_BYTES)
                .initialWindowLength(WINDOW_BYTES)
                .socketRcvbufLength(WINDOW_BYTES)
                .socketSndbufLength(WINDOW_BYTES));
        try {
            aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        } catch (RuntimeException failed) {
            driver.close();
            throw failed;
        }
    }

    Aeron aeron() {
        return aeron;
    }

    /** Waits until something is so, which the driver tells of to memory that is shared with it. */
    static void await(String what, BooleanSupplier isSo) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("aeron: not " + what + " after " + PATIENCE);
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
