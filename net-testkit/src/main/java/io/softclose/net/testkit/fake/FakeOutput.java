/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import io.softclose.net.spi.Require;
import io.softclose.net.testkit.fake.FakeLink.Flushing;
import java.nio.ByteBuffer;

/** How much a fake link takes, what it has taken, and what of that is flushed. Confined to the link's loop. */
final class FakeOutput {
    private final TakenBytes taken = new TakenBytes();
    private final Findings findings;
    private final Runnable postWritable;
    private Flushing flushing = Flushing.AT_ONCE;
    private long bytesPerWrite = FakeLink.UNLIMITED;
    private long room = FakeLink.UNLIMITED;
    /** Bytes that attempts to flush will hand over. */
    private long handOver;

    private int received;
    private boolean writableWanted;

    /**
     * For one link.
     *
     * @param postWritable has the link's handler told, as a later task, that more can be written or is flushed
     */
    FakeOutput(Findings findings, Runnable postWritable) {
        this.findings = findings;
        this.postWritable = postWritable;
    }

    int take(ByteBuffer source) {
        int count = (int) Math.min(source.remaining(), Math.min(bytesPerWrite, room));
        taken.take(source, count);
        room = room == FakeLink.UNLIMITED ? FakeLink.UNLIMITED : room - count;
        if (flushing == Flushing.AT_ONCE) {
            flushTaken(FakeLink.UNLIMITED);
        }
        writableWanted = source.hasRemaining();
        postWritableIfWanted();
        return count;
    }

    void takes(long newBytesPerWrite) {
        bytesPerWrite = Require.notNegative("bytesPerWrite", newBytesPerWrite);
        postWritableIfWanted();
    }

    void room(long bytes) {
        room = Require.notNegative("bytes", bytes);
        postWritableIfWanted();
    }

    void roomUntold(long bytes) {
        room = Require.notNegative("bytes", bytes);
    }

    void handsOverWhenAsked(long bytes) {
        handOver = Require.notNegative("bytes", bytes);
    }

    /** The link's owner asks that what was taken be handed over now. */
    void attempt() {
        long bytes = Math.min(handOver, unflushedBytes());
        handOver -= bytes;
        flush(bytes);
    }

    void flushing(Flushing wanted) {
        flushing = wanted;
    }

    void flush(long most) {
        if (Require.notNegative("most", most) > 0 && unflushedBytes() > 0) {
            flushTaken(most);
            postWritable.run();
        }
    }

    /** Whether the buffers of all bytes that are not flushed still hold them. */
    boolean unchanged() {
        return taken.unchanged();
    }

    long flushedBytes() {
        return taken.flushedCount();
    }

    long unflushedBytes() {
        return taken.waitingCount();
    }

    byte[] written() {
        return taken.taken();
    }

    byte[] takeReceived() {
        byte[] bytes = taken.flushed(received);
        received += bytes.length;
        return bytes;
    }

    private void flushTaken(long most) {
        if (!taken.flush(most)) {
            findings.add("write: taken bytes were changed before they were flushed");
        }
    }

    private void postWritableIfWanted() {
        if (writableWanted && bytesPerWrite > 0 && room > 0) {
            writableWanted = false;
            postWritable.run();
        }
    }
}
