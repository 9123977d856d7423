/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * One message to or from a peer: AptosNet's {@code DirectSendMsg}. Immutable but for its payload, which is shared, not
 * copied: whoever makes a message leaves the payload's bytes unchanged, and readable by any thread, from then on. One
 * that cannot be read when its turn comes is {@link Outcome#UNSENT}. Any number of connections may carry the same
 * message object, at the same time or one after another. Equality is identity, because an account speaks of this
 * message, not of one with the same bytes.
 */
public final class Message {
    /** The highest priority. */
    public static final int MAX_PRIORITY = 255;

    private final ProtocolId protocol;
    private final int priority;
    /**
     * The payload, all of it: a {@code byte[]}, which most messages have and which saves them a buffer of their own; a {@link
     * ByteBuffer} with position 0 and limit = size, never moved, so that any thread may read it by index; or either, {@link
     * Mortal}. In one field, for each byte of a small message's object is paid for twice, by its sender and by its receiver.
     */
    private final Object content;

    /**
     * The payload of a message that expires.
     *
     * @param payload a {@code byte[]} or a {@link ByteBuffer}
     */
    private record Mortal(Object payload, long timeToLiveNanos) {}

    private Message(ProtocolId protocol, int priority, Object content) {
        this.protocol = requireNonNull(protocol, "protocol");
        this.priority = priority;
        this.content = content;
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority: " + priority + " (expected: 0 to " + MAX_PRIORITY + ")");
        }
    }

    /**
     * A message that never expires.
     *
     * @param priority 0 to 255; higher is more urgent
     * @param payload the bytes, shared with the message
     */
    public static Message of(ProtocolId protocol, int priority, byte[] payload) {
        return new Message(protocol, priority, requireNonNull(payload, "payload"));
    }

    /**
     * A message that never expires, of a buffer's bytes between position and limit. The buffer may be direct. Its bytes
     * are shared with the message; its position and limit are not.
     *
     * @param priority 0 to 255; higher is more urgent
     */
    public static Message of(ProtocolId protocol, int priority, ByteBuffer payload) {
        return new Message(protocol, priority, payload.slice());
    }

    /**
     * The same message with a time to live, counted from its acceptance by a connection. A message of which no byte has
     * left by then ends as {@link Outcome#EXPIRED}, within a tenth of a second, whatever its peer does.
     *
     * @param timeToLive longer than zero
     */
    public Message withTimeToLive(Duration timeToLive) {
        Require.positive("timeToLive", timeToLive);
        return new Message(protocol, priority, new Mortal(bytes(), nanos(timeToLive)));
    }

    private static long nanos(Duration duration) {
        boolean forever = duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0;
        return forever ? Long.MAX_VALUE : duration.toNanos();
    }

    /** A message of the same protocol and priority with another payload, and no time to live: an answer, for one. */
    public Message withPayload(byte[] payload) {
        return of(protocol, priority, payload);
    }

    /** The application protocol it belongs to. */
    public ProtocolId protocol() {
        return protocol;
    }

    /** The urgency, 0 to 255; higher is more urgent. */
    public int priority() {
        return priority;
    }

    /** A read-only view of the payload, with a position of its own. */
    public ByteBuffer payload() {
        Object bytes = bytes();
        return bytes instanceof byte[] array
                ? ByteBuffer.wrap(array).asReadOnlyBuffer()
                : ((ByteBuffer) bytes).asReadOnlyBuffer();
    }

    /**
     * One byte of the payload, without the view that {@link #payload()} makes: for whoever sorts messages by their first
     * byte.
     *
     * @param index into the payload, 0 to {@link #size()} - 1
     * @throws IndexOutOfBoundsException if the payload has no such byte
     */
    public byte payloadByte(int index) {
        Object bytes = bytes();
        return bytes instanceof byte[] array ? array[index] : ((ByteBuffer) bytes).get(index);
    }

    /**
     * Copies payload bytes from an index on, as many as there are and as fit, without the view that {@link #payload()}
     * makes.
     *
     * @param from index into the payload, 0 to {@link #size()}
     * @param target written from its position on, which advances
     * @return how many bytes were copied
     */
    public int copyPayload(int from, ByteBuffer target) {
        Object bytes = bytes();
        int count = Math.min(size(bytes) - from, target.remaining());
        if (bytes instanceof byte[] array) {
            target.put(array, from, count);
        } else {
            target.put(target.position(), (ByteBuffer) bytes, from, count);
            target.position(target.position() + count);
        }
        return count;
    }

    /** Length of the payload in bytes. */
    public int size() {
        return size(bytes());
    }

    private static int size(Object bytes) {
        return bytes instanceof byte[] array ? array.length : ((ByteBuffer) bytes).limit();
    }

    /** A {@code byte[]} or a {@link ByteBuffer}. */
    private Object bytes() {
        return content instanceof Mortal mortal ? mortal.payload : content;
    }

    /** How long it may wait, or empty if it never expires. */
    public Optional<Duration> timeToLive() {
        return content instanceof Mortal mortal
                ? Optional.of(Duration.ofNanos(mortal.timeToLiveNanos))
                : Optional.empty();
    }

    /** A description for logs, without the payload's bytes. */
    @Override
    public String toString() {
        return "Message[" + protocol.name() + ", priority " + priority + ", " + size() + " bytes]";
    }
}
