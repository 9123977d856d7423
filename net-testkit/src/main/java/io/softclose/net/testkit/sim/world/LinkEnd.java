/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.LinkLife;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.kernel.Leaving;
import io.softclose.net.testkit.sim.kernel.LingeringEnd;
import io.softclose.net.testkit.sim.kernel.SimPath;
import io.softclose.net.testkit.sim.kernel.SimSocket;
import io.softclose.net.testkit.sim.link.LaterOutput;
import io.softclose.net.testkit.sim.link.LinkInput;
import io.softclose.net.testkit.sim.link.LinkOutput;
import io.softclose.net.testkit.sim.link.OwnEnd;
import io.softclose.net.testkit.sim.link.SimBuffers;
import io.softclose.net.testkit.sim.link.SimMemory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A link of the simulation, put together from its socket, what it lends and takes, what it reads, and how it ends. */
public final class LinkEnd implements SimLink {
    private final World network;
    private final SimLoop loop;
    private final String name;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final SimSocket socket;
    private final LinkOutput output;
    private final LinkInput input;
    private final OwnEnd end;
    private final LinkTurns turns;
    private final LinkLife life;
    private boolean handled;
    private boolean leftByOwner;
    /** Whether its owner wanted to leave it, be it too late. */
    private boolean leaveAsked;

    private @Nullable LinkEnd peer;

    LinkEnd(
            World network,
            SimLoop loop,
            SimPath out,
            SimSockets settings,
            SimMemory memory,
            SplittableRandom random,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            String name) {
        this.network = network;
        this.loop = loop;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.name = name;
        socket = new SimSocket(out, settings, this::socketChanged);
        output = new LinkOutput(
                network.scheduler(), random, socket, settings, new SimBuffers(memory), new LaterEvents());
        input = new LinkInput(random, socket, settings, this::trace);
        end = new OwnEnd(network.scheduler(), socket, input);
        turns = new LinkTurns(network, loop, random, this);
        life = new LinkLife(turns::handlerFailed);
    }

    // The port that the owner sees.

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public ByteBuffer lend(int size) {
        loop.requireInLoop("lend");
        return output.buffers().lend(size);
    }

    @Override
    public void release(ByteBuffer buffer) {
        loop.requireInLoop("release");
        if (!output.buffers().takeBack(buffer)) {
            network.found(name + ": release of " + buffer + " (expected: a buffer lent by it and not given back)");
        } else if (!output.unchanged()) {
            network.found(name + ": release of " + buffer + ", which holds bytes that wait to be flushed");
        }
    }

    @Override
    public int write(ByteBuffer source) {
        loop.requireInLoop("write");
        if (end.asked()) {
            throw new IllegalStateException("write: the output was shut down (expected: no more writes)");
        }
        if (life.isOpening()) {
            network.found(name + ": write before onConnected");
        }
        if (!life.isOpen() || turns.failing()) {
            return 0;
        }
        IOException error = socket.writeError();
        if (error != null) {
            turns.fails(error);
            return 0;
        }
        int taken = output.take(source);
        trace("takes", taken);
        turns.wrote(taken > 0, source.hasRemaining());
        return taken;
    }

    @Override
    public long flushedBytes() {
        loop.requireInLoop("flushedBytes");
        return output.flushed();
    }

    @Override
    public void reading(Reading reading) {
        loop.requireInLoop("reading");
        input.reading(reading);
        turns.readingChanged();
    }

    @Override
    public void flush() {
        loop.requireInLoop("flush");
        if (life.isOpen() && !turns.failing()) {
            output.attempt();
            trace("tries to flush, and has flushed", output.flushed());
        }
    }

    @Override
    public void limitUnsent(int bytes) {
        loop.requireInLoop("limitUnsent");
        socket.limitUnsent(bytes);
    }

    @Override
    public boolean allHandedOn() {
        loop.requireInLoop("allHandedOn");
        return life.isOpen() && turns.allHandedOn();
    }

    @Override
    public boolean shutdownOutput() {
        loop.requireInLoop("shutdownOutput");
        if (!life.isOpen() || turns.failing() || end.out()) {
            return end.out();
        }
        if (!output.allFlushed()) {
            network.found(name + ": shutdownOutput before everything was flushed");
        }
        end.ask();
        IOException error = socket.writeError();
        if (error != null) {
            turns.fails(error);
        } else if (!turns.sendEnd()) {
            trace("holds its end back for bytes unread:", socket.available());
        }
        return end.out();
    }

    @Override
    public void close() {
        loop.requireInLoop("close");
        leaves();
        turns.leave(null, Leaving.CLOSE);
    }

    @Override
    public void linger() {
        loop.requireInLoop("linger");
        leaves();
        turns.leave(null, life.isOpen() ? Leaving.LINGER : Leaving.CLOSE);
    }

    @Override
    public void abort() {
        loop.requireInLoop("abort");
        leaves();
        turns.leave(null, Leaving.ABORT);
    }

    private void leaves() {
        leaveAsked = true;
        leftByOwner |= life.isOpen();
    }

    // What a test does.

    @Override
    public @Nullable LinkEnd peer() {
        return peer;
    }

    @Override
    public boolean isOpen() {
        return life.isOpen();
    }

    @Override
    public boolean isClosed() {
        return life.isClosed();
    }

    @Override
    public void cut() {
        if (peer != null) {
            trace("is cut", 0);
            socket.cut();
        }
    }

    @Override
    public void cutAfter(long bytes) {
        if (peer != null) {
            trace("will be cut after", bytes);
            socket.cutAfter(bytes);
        }
    }

    @Override
    public void forgeEndAfter(long bytes) {
        if (peer != null) {
            trace("has its end forged after", bytes);
            socket.forgeEndAfter(bytes);
        }
    }

    @Override
    public void vanish() {
        trace("vanishes", 0);
        socket.vanish();
    }

    @Override
    public String toString() {
        return "SimLink[" + name + ", " + life + "]";
    }

    // What the ledger sees.

    public String name() {
        return name;
    }

    public LinkOutput output() {
        return output;
    }

    public LinkInput input() {
        return input;
    }

    /** Whether its owner left it before it failed or was cut off. */
    public boolean leftByOwner() {
        return leftByOwner;
    }

    /** Whether its owner wanted to leave it, perhaps after it had failed or was cut off, and before hearing of that. */
    public boolean leaveAsked() {
        return leaveAsked;
    }

    /** Whether its handler is gone and the kernel still reads and discards for it. */
    boolean lingers() {
        LingeringEnd left = end.lingering();
        return left != null && !left.over();
    }

    /** Whether it has promised to say when it takes or has flushed more. */
    public boolean owesWritable() {
        return turns.awaitsRoom() || turns.failing() || !output.allFlushed();
    }

    /** Whether somebody was ever asked to handle it; a kernel may know of connections that nobody has accepted. */
    boolean accepted() {
        return handled;
    }

    int lentBuffers() {
        return output.buffers().count();
    }

    // What its transport and its parts use.

    public SimSocket socket() {
        return socket;
    }

    public OwnEnd end() {
        return end;
    }

    LinkLife life() {
        return life;
    }

    public LinkTurns turns() {
        return turns;
    }

    void handledBy(LinkHandler handler) {
        life.handledBy(handler);
        handled = true;
    }

    void meets(LinkEnd other) {
        peer = other;
    }

    void trace(String what, long number) {
        network.trace().add(network.scheduler().now(), name, what, number);
    }

    private void socketChanged() {
        output.socketChanged();
        end.socketChanged();
        turns.updateReady();
    }

    /** A link that flushes later. */
    private final class LaterEvents implements LaterOutput.Events {
        @Override
        public void flushed(long upTo) {
            loop.post(() -> {
                if (life.isOpen()) {
                    output.told(upTo);
                    trace("has flushed", upTo);
                    // Told as a later task, so that something may come between what it says and what it tells.
                    loop.post(turns::tellWritable);
                }
            });
        }

        @Override
        public void failed() {
            IOException error = socket.writeError();
            if (error != null && life.isOpen()) {
                turns.fails(error);
            }
        }

        @Override
        public void found(String what) {
            network.found(name + ": " + what);
        }
    }
}
