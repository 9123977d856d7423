/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.throughput.Terms;
import io.softclose.bench.throughput.Way;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * JeroMQ, ZeroMQ in Java: PUSH to PULL over TCP, the pattern of one way. Each end has a queue; half of {@link Terms#outboxMessages} is
 * the high-water mark of each.
 */
public final class JeroMqWay implements Way {
    private static final int IO_THREADS = 1;

    @Override
    public String label() {
        return "jeromq";
    }

    @Override
    public Receiver listen(Terms terms, Tally tally) {
        return new PullReceiver(terms, tally);
    }

    @Override
    public MessageStream dial(Terms terms, SocketAddress address) {
        return new PushStream(terms, (InetSocketAddress) address);
    }

    private static int highWaterMark(Terms terms) {
        return Math.max(1, terms.outboxMessages() / 2);
    }

    /** A thread that receives; JeroMQ has each message in an array of its own. */
    private static final class PullReceiver implements Receiver {
        private final ZMQ.Context context = ZMQ.context(IO_THREADS);
        private final ZMQ.Socket socket = context.socket(SocketType.PULL);
        private final Tally tally;
        private final SocketAddress address;
        private final Thread thread;

        PullReceiver(Terms terms, Tally tally) {
            this.tally = tally;
            socket.setRcvHWM(highWaterMark(terms));
            socket.setLinger(0);
            socket.bind("tcp://127.0.0.1:*");
            String endpoint = socket.getLastEndpoint();
            int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            // From here on the socket is this thread's.
            thread = new Thread(this::receive, "jeromq-receiver");
            thread.start();
        }

        @Override
        public SocketAddress address() {
            return address;
        }

        private void receive() {
            try {
                while (true) {
                    byte[] payload = socket.recv();
                    if (payload != null) {
                        tally.handled(payload);
                    }
                }
            } catch (ZMQException ended) {
                if (ended.getErrorCode() != ZMQ.Error.ETERM.getCode()) {
                    throw ended;
                }
            } finally {
                socket.close();
            }
        }

        @Override
        public void close() throws IOException {
            // Has recv() throw, and waits until the socket is closed.
            context.term();
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while closing");
            }
        }
    }

    /** The sending thread sends, and waits while the queue is full. */
    private static final class PushStream implements MessageStream {
        private final ZMQ.Context context = ZMQ.context(IO_THREADS);
        private final ZMQ.Socket socket = context.socket(SocketType.PUSH);

        PushStream(Terms terms, InetSocketAddress address) {
            socket.setSndHWM(highWaterMark(terms));
            socket.setLinger(0);
            socket.connect("tcp://127.0.0.1:" + address.getPort());
        }

        @Override
        public void send(byte[] payload) throws IOException {
            if (!socket.send(payload)) {
                throw new IOException("jeromq: error " + socket.errno() + " (expected: sent)");
            }
        }

        @Override
        public void close() {
            socket.close();
            context.term();
        }
    }
}
