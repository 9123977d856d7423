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
import java.util.Arrays;
import java.util.List;

/** By what messages go from one process to another. */
public enum Way {
    /** The practical limit, to which the others are compared: {@link FullBufferStream}. */
    RAW("raw") {
        @Override
        Receiver listen(Tally tally) throws IOException {
            return new RawReceiver(Intake.COPY, tally);
        }

        @Override
        MessageStream dial(SocketAddress address) throws IOException {
            return new FullBufferStream(address);
        }
    },
    /** {@link QueueFedStream}. */
    QUEUE_FED("queue-fed") {
        @Override
        Receiver listen(Tally tally) throws IOException {
            return new RawReceiver(Intake.COPY, tally);
        }

        @Override
        MessageStream dial(SocketAddress address) throws IOException {
            return new QueueFedStream(address);
        }
    },
    /** A Netty pipeline whose flushes are joined: {@link NettyStream}. */
    NETTY_PIPELINE("netty-pipeline") {
        @Override
        Receiver listen(Tally tally) {
            return new NettyReceiver(tally);
        }

        @Override
        MessageStream dial(SocketAddress address) {
            return new NettyStream(Flushing.CONSOLIDATED, address);
        }
    },
    /** A connection of ours over NIO. */
    SOFTCLOSE_NIO("softclose-nio") {
        @Override
        Receiver listen(Tally tally) throws IOException {
            return ConnectionStream.receiver("nio", tally);
        }

        @Override
        MessageStream dial(SocketAddress address) throws InterruptedException {
            return ConnectionStream.to("nio", address);
        }
    },
    /** A connection of ours over Netty. */
    SOFTCLOSE_NETTY("softclose-netty") {
        @Override
        Receiver listen(Tally tally) throws IOException {
            return ConnectionStream.receiver("netty", tally);
        }

        @Override
        MessageStream dial(SocketAddress address) throws InterruptedException {
            return ConnectionStream.to("netty", address);
        }
    };

    private final String label;

    Way(String label) {
        this.label = label;
    }

    /** What it is called on the command line. */
    public String label() {
        return label;
    }

    /** What all are called. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Way::label).toList();
    }

    /** Listens on the loopback interface. */
    abstract Receiver listen(Tally tally) throws IOException;

    /** Connects to whoever {@link #listen listens}. */
    abstract MessageStream dial(SocketAddress address) throws IOException, InterruptedException;
}
