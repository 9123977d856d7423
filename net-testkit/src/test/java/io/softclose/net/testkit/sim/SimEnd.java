/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.sim.world.LinkEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One end on the simulated network, which reads only when it is told. */
final class SimEnd implements SocketEnd, LinkHandler {
    private static final byte[] CHUNK = new byte[64 * 1024];

    private final SimNetwork sim;
    private @Nullable Link link;
    private long unclaimed;
    private long received;
    private boolean writable;
    private boolean connected;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable cause;

    SimEnd(SimNetwork sim) {
        this.sim = sim;
    }

    LinkHandler attach(Link wanted) {
        link = wanted;
        return this;
    }

    boolean connected() {
        return connected;
    }

    boolean closed() {
        return closed;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    Link link() {
        return requireNonNull(link, "link");
    }

    @Override
    public Written write(int bytes) {
        long taken = take(new byte[bytes]);
        return taken > 0 ? Written.TAKEN : cause == null ? Written.FULL : Written.FAILED;
    }

    private long take(byte[] bytes) {
        long taken = onLoop(() -> link().write(ByteBuffer.wrap(bytes)));
        sim.runFor(Duration.ofSeconds(1));
        return taken;
    }

    @Override
    public long fill() {
        long total = 0;
        for (long taken = take(CHUNK); taken > 0; taken = take(CHUNK)) {
            total += taken;
        }
        writable = false;
        return total;
    }

    @Override
    public boolean toldOfRoom() {
        return writable;
    }

    @Override
    public void awaitInput() {
        sim.runFor(Duration.ofSeconds(1));
    }

    /** A link that fails hands on what had arrived, but only if it reads. */
    @Override
    public void writeUntilItFails() {
        reading(Link.Reading.RESUMED);
        SocketEnd.super.writeUntilItFails();
    }

    @Override
    public Input readToTheEnd() {
        reading(Link.Reading.RESUMED);
        sim.runUntil(() -> ended || closed, Duration.ofMinutes(1));
        return new Input(received, ended ? Ending.END : Ending.RESET);
    }

    @Override
    public void read(long bytes) {
        if (unclaimed < bytes) {
            reading(Link.Reading.RESUMED);
            sim.runUntil(() -> unclaimed >= bytes, Duration.ofMinutes(1));
            reading(Link.Reading.PAUSED);
        }
        unclaimed -= bytes;
        sim.runFor(Duration.ofSeconds(1));
    }

    void goesOnReading() {
        reading(Link.Reading.RESUMED);
        sim.runFor(Duration.ofSeconds(1));
    }

    void pausesReading() {
        reading(Link.Reading.PAUSED);
    }

    private void reading(Link.Reading reading) {
        onLoop(() -> {
            link().reading(reading);
            return true;
        });
    }

    /** A link waits until its owner has what has arrived; a kernel does not. */
    @Override
    public void shutdownOutput() {
        if (!endsOutput()) {
            ((LinkEnd) link()).socket().shutdownOutput();
        }
    }

    /** Ends this direction, as a link does; says whether the end is out. */
    boolean endsOutput() {
        return onLoop(() -> link().shutdownOutput());
    }

    void linger() {
        onLoop(() -> {
            link().linger();
            return true;
        });
    }

    long flushed() {
        return onLoop(() -> link().flushedBytes());
    }

    /** Tries to flush; says how many bytes are flushed then. */
    long flushesNow() {
        return onLoop(() -> {
            link().flush();
            return link().flushedBytes();
        });
    }

    @Override
    public void close() {
        onLoop(() -> {
            link().close();
            return true;
        });
    }

    @Override
    public void abort() {
        onLoop(() -> {
            link().abort();
            return true;
        });
    }

    /** Runs a call on the loop, and what comes of it at the present time. */
    private <T> T onLoop(Callable<T> call) {
        Object[] result = new Object[1];
        link().loop().execute(() -> {
            try {
                result[0] = call.call();
            } catch (Exception failure) {
                result[0] = failure;
            }
        });
        sim.runUntil(() -> result[0] != null, Duration.ZERO);
        if (result[0] instanceof RuntimeException failure) {
            throw failure;
        }
        @SuppressWarnings("unchecked")
        T value = (T) result[0];
        return value;
    }

    @Override
    public void onConnected() {
        connected = true;
        link().reading(Link.Reading.PAUSED);
    }

    @Override
    public void onRead(ByteBuffer data) {
        received += data.remaining();
        unclaimed += data.remaining();
    }

    @Override
    public void onWritable() {
        writable = true;
    }

    @Override
    public void onInputClosed(InputEnd end) {
        ended = true;
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
        closed = true;
        cause = why;
    }
}
