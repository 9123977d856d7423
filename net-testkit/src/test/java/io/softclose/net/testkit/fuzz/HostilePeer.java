/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.testkit.wire.WireFrame;
import io.softclose.net.testkit.wire.WireParser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a link, which sends whatever it is told. It reads what the node sends with a parser of its own, and
 * fails if that is no AptosNet.
 */
final class HostilePeer implements LinkHandler {
    private final Link link;
    private final WireParser parser = new WireParser();
    private final Deque<ByteBuffer> pending = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private boolean up;
    private boolean ending;
    private boolean ended;
    private boolean closed;
    private boolean paused;
    private int answers;
    private int answersWhenPaused;

    HostilePeer(Link link) {
        this.link = link;
    }

    // What it is told; happens as a task of its loop.

    void send(byte[] bytes) {
        onLoop(open -> {
            if (!ending) {
                pending.add(ByteBuffer.wrap(bytes));
                sent.writeBytes(bytes);
                write();
            }
        });
    }

    /** Ends its direction once everything is sent. */
    void end() {
        onLoop(open -> {
            ending = true;
            write();
        });
    }

    void reset() {
        onLoop(Link::abort);
    }

    void close() {
        onLoop(Link::close);
    }

    void pause() {
        onLoop(open -> {
            answersWhenPaused = paused ? answersWhenPaused : answers;
            paused = true;
            open.reading(Link.Reading.PAUSED);
        });
    }

    void resume() {
        onLoop(open -> {
            paused = false;
            open.reading(Link.Reading.RESUMED);
        });
    }

    // What it has seen.

    boolean paused() {
        return paused && !closed;
    }

    /** Answers to bad frames that it has read. */
    int answers() {
        return answers;
    }

    /** As {@link #answers}, up to when it stopped reading last. */
    int answersWhenPaused() {
        return answersWhenPaused;
    }

    /** How many whole frames it has sent, by their lengths. */
    int framesSent() {
        ByteBuffer all = ByteBuffer.wrap(sent.toByteArray());
        if (all.remaining() < Short.BYTES) {
            return 0;
        }
        long next = Short.toUnsignedLong(all.getShort()) + Short.BYTES;
        int frames = 0;
        while (next + Integer.BYTES <= all.limit()) {
            next += Integer.BYTES + Integer.toUnsignedLong(all.getInt((int) next));
            frames += next <= all.limit() ? 1 : 0;
        }
        return frames;
    }

    // Events of its link.

    @Override
    public void onConnected() {
        up = true;
        write();
    }

    @Override
    public void onRead(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        parser.feed(bytes);
        for (WireFrame frame : parser.takeFrames()) {
            boolean answer = frame instanceof WireFrame.ParsingError
                    || frame instanceof WireFrame.RpcNotSupported
                    || frame instanceof WireFrame.DirectSendNotSupported;
            answers += answer ? 1 : 0;
        }
    }

    @Override
    public void onWritable() {
        write();
    }

    @Override
    public void onInputClosed(InputEnd end) {}

    @Override
    public void onClosed(@Nullable Throwable cause) {
        closed = true;
    }

    private void onLoop(Consumer<Link> action) {
        link.loop().execute(() -> {
            if (!closed) {
                action.accept(link);
            }
        });
    }

    private void write() {
        if (!up || ended) {
            return;
        }
        while (!pending.isEmpty()) {
            link.write(pending.element());
            if (pending.element().hasRemaining()) {
                return;
            }
            pending.remove();
        }
        if (ending) {
            ended = true;
            link.shutdownOutput();
        }
    }
}
