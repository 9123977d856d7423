/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The other end of a connection, over a blocking socket: a peer that speaks only AptosNet's base wire, and shares no
 * code with the framework. It sends the bytes of {@link WireBytes}, or any others, and reads {@link WireFrame}s.
 *
 * <p>Reading fails with a {@link java.net.SocketTimeoutException} after 30 s, a safety net. One thread may send while
 * another reads.
 */
public final class WirePeer implements AutoCloseable {
    private static final Duration SAFETY_NET = Duration.ofSeconds(30);

    /** Carries the bytes; the same as the next, if they go as they are. */
    private final Socket below;

    private final Socket socket;

    // Accessed only by the thread that reads.
    private final WireParser parser = new WireParser();
    private final Deque<WireFrame> frames = new ArrayDeque<>();
    private final byte[] buffer = new byte[16 * 1024];

    /** A peer on a connected socket, which it owns from now on. */
    public WirePeer(Socket socket) throws IOException {
        this(socket, socket);
    }

    /**
     * A peer that speaks through a layer.
     *
     * @param below connected; {@link #reset} is of it, so that the layer says no last word
     * @param socket over it, the layer's handshake complete, and owned from now on
     */
    public WirePeer(Socket below, Socket socket) throws IOException {
        this.below = below;
        this.socket = socket;
        socket.setSoTimeout((int) SAFETY_NET.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** Dials a node. */
    public static WirePeer dial(InetSocketAddress node) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(node, (int) SAFETY_NET.toMillis());
            return new WirePeer(socket);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Sends bytes of any kind; blocks while the node does not take them. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /**
     * Waits for the node's handshake.
     *
     * @throws AssertionError if the node ends before it is complete
     */
    public WireParser.Handshake readHandshake() throws IOException {
        while (parser.handshake().isEmpty()) {
            if (!readSome()) {
                throw new AssertionError("handshake: " + parser.incompleteBytes() + " bytes and the end");
            }
        }
        return parser.handshake().orElseThrow();
    }

    /**
     * Waits for the next frame, or for the node's end.
     *
     * @return the frame, or empty after the last one, when the node has ended its direction (FIN)
     * @throws AssertionError if the node ends in the middle of a frame
     */
    public Optional<WireFrame> readFrame() throws IOException {
        while (frames.isEmpty()) {
            if (!readSome()) {
                if (parser.incompleteBytes() > 0) {
                    throw new AssertionError("frame: " + parser.incompleteBytes() + " bytes and the end");
                }
                return Optional.empty();
            }
        }
        return Optional.of(frames.remove());
    }

    /** Ends this peer's direction (FIN, after the last word of a layer), and leaves the other one open. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes both directions with a reset (RST). */
    public void reset() throws IOException {
        below.setOption(StandardSocketOptions.SO_LINGER, 0);
        below.close();
    }

    /** The socket, for its options and addresses. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Whether there was something before the node's end. */
    private boolean readSome() throws IOException {
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            return false;
        }
        parser.feed(Arrays.copyOf(buffer, count));
        frames.addAll(parser.takeFrames());
        return true;
    }
}
