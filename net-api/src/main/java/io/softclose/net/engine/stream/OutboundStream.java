/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Message;
import io.softclose.net.engine.outbox.Envelope;

/** A large message on its way as a stream: a header with the first chunk, then fragments. Loop only. */
final class OutboundStream {
    private final Object element;
    private final Message message;
    private final int lane;
    private final long streamId;
    private final int chunkSize;
    /** Where its first byte stands in all that the link was ever given. */
    private long start;

    /** Frames cut so far: the header is frame 0, fragment ids start from 1. */
    private int frames;

    OutboundStream(Object element, int lane, long streamId, int chunkSize, long start) {
        this.element = element;
        this.message = Envelope.messageOf(element);
        this.lane = lane;
        this.streamId = streamId;
        this.chunkSize = chunkSize;
        this.start = start;
    }

    Object element() {
        return element;
    }

    Message message() {
        return message;
    }

    int lane() {
        return lane;
    }

    long streamId() {
        return streamId;
    }

    long start() {
        return start;
    }

    /** Corrects {@link #start} when bytes before it were taken back. */
    void startAt(long position) {
        start = position;
    }

    /** How many fragments follow the header. */
    int fragments() {
        return (message.size() - 1) / chunkSize;
    }

    /** The number of the next frame: 0 for the header, else the fragment id. */
    int nextFrame() {
        return frames;
    }

    /** Index of the next frame's first payload byte. */
    int nextFrom() {
        return frames * chunkSize;
    }

    /** Index after the next frame's last payload byte. */
    int nextTo() {
        return Math.min(message.size(), (frames + 1) * chunkSize);
    }

    /** Moves on to the frame after the next; false if there is none. */
    boolean advance() {
        frames++;
        return frames <= fragments();
    }
}
