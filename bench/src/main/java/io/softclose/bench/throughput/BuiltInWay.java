/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.FullBufferStream;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.NettyReceiver;
import io.softclose.bench.baseline.NettyStream;
import io.softclose.bench.baseline.NettyStream.Flushing;
import io.softclose.bench.baseline.QueueFedStream;
import io.softclose.bench.baseline.RawReceiver;
import io.softclose.bench.baseline.RawReceiver.Intake;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.jmh.ConnectionStream;
import java.io.IOException;
import java.net.SocketAddress;

/** The ways that every build has. */
enum BuiltInWay implements Way {
    /** The practical limit, to which the others are compared: {@link FullBufferStream}. */
    RAW("raw", false) {
        @Override
        public Receiver listen(Terms terms, Tally tally) throws IOException {
            return new RawReceiver(Intake.COPY, tally);
        }

        @Override
        public MessageStream dial(Terms terms, SocketAddress address) throws IOException {
            return new FullBufferStream(address);
        }
    },
    /** {@link QueueFedStream}. */
    QUEUE_FED("queue-fed", true) {
        @Override
        public Receiver listen(Terms terms, Tally tally) throws IOException {
            return new RawReceiver(Intake.COPY, tally);
        }

        @Override
        public MessageStream dial(Terms terms, SocketAddress address) throws IOException {
            return new QueueFedStream(address, terms.outboxMessages());
        }
    },
    /** A Netty pipeline whose flushes are joined: {@link NettyStream}. Its bound is in bytes, one to two mebibytes. */
    NETTY_PIPELINE("netty-pipeline", false) {
        @Override
        public Receiver listen(Terms terms, Tally tally) {
            return new NettyReceiver(tally);
        }

        @Override
        public MessageStream dial(Terms terms, SocketAddress address) {
            return new NettyStream(Flushing.CONSOLIDATED, address);
        }
    },
    /** A connection of ours over NIO. */
    SOFTCLOSE_NIO("softclose-nio", true) {
        @Override
        public Receiver listen(Terms terms, Tally tally) throws IOException {
            return ConnectionStream.receiver("nio", terms.limits(), tally);
        }

        @Override
        public MessageStream dial(Terms terms, SocketAddress address) throws InterruptedException {
            return ConnectionStream.to("nio", terms.limits(), address);
        }
    },
    /** A connection of ours over Netty. */
    SOFTCLOSE_NETTY("softclose-netty", true) {
        @Override
        public Receiver listen(Terms terms, Tally tally) throws IOException {
            return ConnectionStream.receiver("netty", terms.limits(), tally);
        }

        @Override
        public MessageStream dial(Terms terms, SocketAddress address) throws InterruptedException {
            return ConnectionStream.to("netty", terms.limits(), address);
        }
    };

    private final String label;
    private final boolean hasOutbox;

    BuiltInWay(String label, boolean hasOutbox) {
        this.label = label;
        this.hasOutbox = hasOutbox;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public boolean hasOutbox() {
        return hasOutbox;
    }
}
