/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The bounds of a network's connections. The defaults are AptosNet's where AptosNet has one; {@link Builder} says more.
 *
 * @param maxFrameSize longest frame in bytes, sent or received; 4 MiB
 * @param maxMessageSize longest message payload in bytes, sent or received, streamed if need be; 64 MiB
 * @param maxFragments most fragments after a stream's header, 1 to 255; 255
 * @param fragmentSize longest payload in bytes that goes in one frame beside more urgent messages; 16 KiB
 * @param unsentBytes how much an operating system may hold unsent beside more urgent messages; 16 KiB
 * @param outboxMessages most messages waiting in a lane; 1 024
 * @param outboxBytes most payload bytes waiting in a lane; 128 MiB, so that a longest message leaves room for others
 * @param maxInboundConnections most accepted connections that are open at a time; 100
 * @param maxHandshakes most accepted links that shake hands at a time; 100, or {@code maxInboundConnections} if more
 * @param dialTimeout for the link to be established, a look-up of the name included; 30 s
 * @param handshakeTimeout for identity exchange and handshake together; 30 s
 * @param messageTimeout how long a peer may send nothing in the middle of a message; 30 s
 * @param inputBytes bytes that unfinished messages of all connections may hold together; an eighth of the maximum heap
 * @param pausedGrace how long a peer's end waits behind what a connection holds that is paused, or whose handlers are
 *     full; 30 s
 * @param handlerMessages messages and requests of one connection that may be with handlers off the loop before it reads no
 *     more; 256
 * @param handlerBytes the same in payload bytes; 4 MiB
 * @param writeTimeout how long an open connection's peer may take nothing of what waits for it; none, which is zero
 * @param maxOutboundRequests most requests of ours that are in flight on a connection; 100
 * @param maxInboundRequests most requests of the peer's that are being answered on a connection; 100
 * @param inboundRequestTimeout how long the answer to a peer's request may take; 10 s
 * @param keepWritten how long messages that were written are kept for {@link CloseReport#lastWritten}; not at all, which is
 *     zero
 * @param inboundMessagesPerSecond frames of a peer's that are read a second; as many as come, which is zero
 * @param inboundBytesPerSecond bytes of a peer's that are read a second; as many as come, which is zero
 */
public record Limits(
        int maxFrameSize,
        int maxMessageSize,
        int maxFragments,
        int fragmentSize,
        int unsentBytes,
        int outboxMessages,
        long outboxBytes,
        int maxInboundConnections,
        int maxHandshakes,
        Duration dialTimeout,
        Duration handshakeTimeout,
        Duration messageTimeout,
        long inputBytes,
        Duration pausedGrace,
        int handlerMessages,
        long handlerBytes,
        Duration writeTimeout,
        int maxOutboundRequests,
        int maxInboundRequests,
        Duration inboundRequestTimeout,
        Duration keepWritten,
        long inboundMessagesPerSecond,
        long inboundBytesPerSecond) {
    /** How much of {@link #maxFrameSize} AptosNet keeps for everything that is not payload, in bytes. */
    public static final int FRAME_OVERHEAD = 64;

    private static final int LEAST_DEFAULT_HANDSHAKES = 100;
    private static final int PART_FOR_INPUT = 8;
    private static final long LEAST_INPUT_BYTES = 1024 * 1024;

    /** Checks every bound. */
    public Limits {
        Require.within("maxFrameSize", maxFrameSize, 2 * FRAME_OVERHEAD, 1 << 30);
        Require.within("maxMessageSize", maxMessageSize, 1, 1 << 30);
        Require.within("maxFragments", maxFragments, 1, 255);
        Require.within("fragmentSize", fragmentSize, FRAME_OVERHEAD, 1 << 30);
        Require.within("unsentBytes", unsentBytes, 0, 1 << 30);
        Require.within("outboxMessages", outboxMessages, 1, 1 << 20);
        Require.within("outboxBytes", outboxBytes, 1, 1L << 40);
        Require.within("maxInboundConnections", maxInboundConnections, 1, Integer.MAX_VALUE);
        Require.within("maxHandshakes", maxHandshakes, 1, Integer.MAX_VALUE);
        Require.positive("dialTimeout", dialTimeout);
        Require.positive("handshakeTimeout", handshakeTimeout);
        Require.positive("messageTimeout", messageTimeout);
        Require.within("inputBytes", inputBytes, 1, 1L << 40);
        Require.positive("pausedGrace", pausedGrace);
        Require.within("handlerMessages", handlerMessages, 1, 1 << 20);
        Require.within("handlerBytes", handlerBytes, 1, 1L << 40);
        Require.notNegative("writeTimeout", writeTimeout);
        Require.within("maxOutboundRequests", maxOutboundRequests, 1, 1 << 20);
        Require.within("maxInboundRequests", maxInboundRequests, 1, 1 << 20);
        Require.positive("inboundRequestTimeout", inboundRequestTimeout);
        Require.notNegative("keepWritten", keepWritten);
        Require.within("inboundMessagesPerSecond", inboundMessagesPerSecond, 0, 1L << 30);
        Require.within("inboundBytesPerSecond", inboundBytesPerSecond, 0, 1L << 40);
    }

    /** AptosNet's limits. */
    public static Limits defaults() {
        return builder().build();
    }

    /** Starts from AptosNet's limits. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Payload bytes that fit one frame: a longer message is streamed. Beside more urgent ones that begins with {@link
     * #fragmentSize} already; {@link io.softclose.net.spi.LanePlan#wholeSize} tells.
     */
    public int chunkSize() {
        return maxFrameSize - FRAME_OVERHEAD;
    }

    /** Longest payload that can be sent: {@link #maxMessageSize}, or what the fragments can carry if that is less. */
    public int maxPayloadSize() {
        return (int) Math.min(maxMessageSize, (long) chunkSize() * (maxFragments + 1));
    }

    /** Collects limits; each setter is named after the component it sets. */
    public static final class Builder {
        private int maxFrameSize = 4 * 1024 * 1024;
        private int maxMessageSize = 64 * 1024 * 1024;
        private int maxFragments = 255;
        private int fragmentSize = 16 * 1024;
        private int unsentBytes = 16 * 1024;
        private int outboxMessages = 1024;
        private long outboxBytes = 128L * 1024 * 1024;
        private int maxInboundConnections = 100;
        private OptionalInt maxHandshakes = OptionalInt.empty();
        private Duration dialTimeout = Duration.ofSeconds(30);
        private Duration handshakeTimeout = Duration.ofSeconds(30);
        private Duration messageTimeout = Duration.ofSeconds(30);
        private long inputBytes =
                Math.max(LEAST_INPUT_BYTES, Runtime.getRuntime().maxMemory() / PART_FOR_INPUT);
        private Duration pausedGrace = Duration.ofSeconds(30);
        private int handlerMessages = 256;
        private long handlerBytes = 4L * 1024 * 1024;
        private Duration writeTimeout = Duration.ZERO;
        private int maxOutboundRequests = 100;
        private int maxInboundRequests = 100;
        private Duration inboundRequestTimeout = Duration.ofSeconds(10);
        private Duration keepWritten = Duration.ZERO;
        private long inboundMessagesPerSecond;
        private long inboundBytesPerSecond;

        private Builder() {}

        /** Sets {@link Limits#maxFrameSize}, in bytes. */
        public Builder maxFrameSize(int bytes) {
            maxFrameSize = bytes;
            return this;
        }

        /** Sets {@link Limits#maxMessageSize}, in bytes. */
        public Builder maxMessageSize(int bytes) {
            maxMessageSize = bytes;
            return this;
        }

        /** Sets {@link Limits#maxFragments}. */
        public Builder maxFragments(int count) {
            maxFragments = count;
            return this;
        }

        /**
         * Sets {@link Limits#fragmentSize}. A frame that has begun cannot be overtaken, so a policy with several lanes has
         * longer messages of all lanes but the most urgent one streamed in fragments of this size. One that would need
         * more than {@link Limits#maxFragments} gets longer ones. At most {@link Limits#chunkSize} counts, which is the
         * way to switch this off. With a single lane, nothing overtakes and this means nothing.
         */
        public Builder fragmentSize(int bytes) {
            fragmentSize = bytes;
            return this;
        }

        /**
         * Sets {@link Limits#unsentBytes}; zero leaves it to the system. What a system holds cannot be overtaken either, and
         * it holds some MiB by its own choice. With a policy that has several lanes, each link is asked to keep less unsent
         * ({@link io.softclose.net.spi.Link#limitUnsent}), unless there is a {@link #writeTimeout}, which needs to see what the
         * peer acknowledges.
         */
        public Builder unsentBytes(int bytes) {
            unsentBytes = bytes;
            return this;
        }

        /** Sets {@link Limits#outboxMessages}. */
        public Builder outboxMessages(int count) {
            outboxMessages = count;
            return this;
        }

        /** Sets {@link Limits#outboxBytes}. */
        public Builder outboxBytes(long bytes) {
            outboxBytes = bytes;
            return this;
        }

        /** Sets {@link Limits#maxInboundConnections}. */
        public Builder maxInboundConnections(int count) {
            maxInboundConnections = count;
            return this;
        }

        /**
         * Sets {@link Limits#maxHandshakes}. Beyond that, the host with the most handshakes loses its oldest one: at
         * once if it has more than a quarter of them and the newcomer is another host, or else if that one has had a
         * second.
         */
        public Builder maxHandshakes(int count) {
            maxHandshakes = OptionalInt.of(count);
            return this;
        }

        /** Sets {@link Limits#dialTimeout}. */
        public Builder dialTimeout(Duration timeout) {
            dialTimeout = timeout;
            return this;
        }

        /** Sets {@link Limits#handshakeTimeout}. */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = timeout;
            return this;
        }

        /**
         * Sets {@link Limits#messageTimeout}. While other connections wait for memory, a message that holds some of {@link
         * Limits#inputBytes} must also grow by a sixteenth within this time, or it ends its connection for {@link
         * DisconnectReason#PROTOCOL_ERROR}.
         */
        public Builder messageTimeout(Duration timeout) {
            messageTimeout = timeout;
            return this;
        }

        /**
         * Sets {@link Limits#inputBytes}. An unfinished message counts twice its bytes, less 128 KiB for each
         * connection, so that messages of up to 64 KiB always get through. When these bytes are used up, connections
         * whose message goes on wait; one of them at a time is let through, up to {@link Limits#maxMessageSize}, so
         * that they do not wait for each other.
         *
         * <p>As much again may be left with handlers off the loop by connections whose links have failed. One that would leave
         * more gives up what waits for its handlers, and the log says so.
         */
        public Builder inputBytes(long bytes) {
            inputBytes = bytes;
            return this;
        }

        /** Sets {@link Limits#pausedGrace}; {@link Connection#reading} says what it bounds. */
        public Builder pausedGrace(Duration time) {
            pausedGrace = time;
            return this;
        }

        /**
         * Sets {@link Limits#handlerMessages}. At the bound a connection hands nothing more to its handlers, on the loop or
         * off it, and stops reading as a {@linkplain Connection#reading paused} one does; it goes on below half of both
         * bounds. The message that is at hand is always taken, so there may be one of {@link Limits#maxMessageSize} more. A
         * request counts until its handler's stage has completed and its answer has room in its lane, however late.
         */
        public Builder handlerMessages(int count) {
            handlerMessages = count;
            return this;
        }

        /** Sets {@link Limits#handlerBytes}, of which {@link #handlerMessages(int)} says more. */
        public Builder handlerBytes(long bytes) {
            handlerBytes = bytes;
            return this;
        }

        /**
         * Sets {@link Limits#writeTimeout}; zero for none: a peer may be slow for as long as it wants. When it is over,
         * {@link NetworkEvents#writeStalled} is told and the connection ends. It should be longer than the longest
         * pause of a peer that reads no messages.
         */
        public Builder writeTimeout(Duration timeout) {
            writeTimeout = timeout;
            return this;
        }

        /** Sets {@link Limits#maxOutboundRequests}; one more is refused, {@link SendResult#TOO_MANY_REQUESTS}. */
        public Builder maxOutboundRequests(int count) {
            maxOutboundRequests = count;
            return this;
        }

        /** Sets {@link Limits#maxInboundRequests}; one more is dropped and counted, as AptosNet does. */
        public Builder maxInboundRequests(int count) {
            maxInboundRequests = count;
            return this;
        }

        /** Sets {@link Limits#inboundRequestTimeout}; an answer that comes later is dropped and counted, as AptosNet does. */
        public Builder inboundRequestTimeout(Duration timeout) {
            inboundRequestTimeout = timeout;
            return this;
        }

        /**
         * Sets {@link Limits#keepWritten}; zero for not at all. Kept are at most {@link Limits#outboxMessages} messages and
         * {@link Limits#outboxBytes} of each connection; the oldest are forgotten first, when another is written or the
         * connection closes. So they take that much memory besides the outbox, and their payloads must stay readable.
         */
        public Builder keepWritten(Duration time) {
            keepWritten = time;
            return this;
        }

        /**
         * Sets {@link Limits#inboundMessagesPerSecond}; zero for no limit. Every frame counts: a message, each piece of a
         * streamed one, a request, an answer, and what is malformed. After a rest a second's worth is read at once. Beyond
         * that the connection stops reading for a while, and the peer's kernel holds what it sends: nothing is dropped, and
         * nothing else of the connection changes. It is {@link ConnectionStats#reading not reading} then, so nobody takes it
         * or its peer for dead; but a peer with a write timeout might. What is held when the peer ends is read at that pace,
         * too, for {@link Limits#pausedGrace} at most.
         */
        public Builder inboundMessagesPerSecond(long frames) {
            inboundMessagesPerSecond = frames;
            return this;
        }

        /**
         * Sets {@link Limits#inboundBytesPerSecond}; zero for no limit. The bytes of the peer's stream after the handshake, to
         * the nearest read: one that brings more is paid for by a longer rest. The rest is as for {@link
         * #inboundMessagesPerSecond}.
         */
        public Builder inboundBytesPerSecond(long bytes) {
            inboundBytesPerSecond = bytes;
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException if one is out of bounds
         */
        public Limits build() {
            return new Limits(
                    maxFrameSize,
                    maxMessageSize,
                    maxFragments,
                    fragmentSize,
                    unsentBytes,
                    outboxMessages,
                    outboxBytes,
                    maxInboundConnections,
                    maxHandshakes.orElse(Math.max(LEAST_DEFAULT_HANDSHAKES, maxInboundConnections)),
                    dialTimeout,
                    handshakeTimeout,
                    messageTimeout,
                    inputBytes,
                    pausedGrace,
                    handlerMessages,
                    handlerBytes,
                    writeTimeout,
                    maxOutboundRequests,
                    maxInboundRequests,
                    inboundRequestTimeout,
                    keepWritten,
                    inboundMessagesPerSecond,
                    inboundBytesPerSecond);
        }
    }
}
