/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;

/** A way for messages from many threads to one, which does nothing with them. */
public interface HandOver {
    /** Hands over a message, waiting while there is no room. Any thread. */
    void put(Message message) throws InterruptedException;

    /** Ends the consumer. */
    void stop() throws InterruptedException;

    /** The ways there are. */
    enum Kind {
        /** The outbox of a connection over a {@link DiscardingTransport}. */
        CONNECTION {
            @Override
            HandOver start() throws InterruptedException {
                return new ToConnection();
            }
        },
        /** A queue with a lock and a bound, emptied with {@code drainTo}. */
        ARRAY_BLOCKING_QUEUE {
            @Override
            HandOver start() {
                return new ToQueue(new ArrayBlockingQueue<>(MessageStream.QUEUE_CAPACITY));
            }
        },
        /** A queue with two locks, a node a message and a bound, emptied with {@code drainTo}. */
        LINKED_BLOCKING_QUEUE {
            @Override
            HandOver start() {
                return new ToQueue(new LinkedBlockingQueue<>(MessageStream.QUEUE_CAPACITY));
            }
        },
        /** JCTools' bounded queue of many producers and one consumer that sleeps while it is empty. */
        MPSC_ARRAY_QUEUE {
            @Override
            HandOver start() {
                return new ToMpscQueue();
            }
        };

        /** Starts a consumer. */
        abstract HandOver start() throws InterruptedException;
    }

    /** Through a connection. */
    final class ToConnection implements HandOver {
        private final DiscardingTransport transport = new DiscardingTransport();
        private final Network network = Nodes.node("drop", MessageStream.QUEUE_CAPACITY, (from, message) -> {})
                .transport(transport)
                .build();
        private final Connection connection =
                Nodes.dial(network, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        ToConnection() throws InterruptedException {}

        @Override
        public void put(Message message) throws InterruptedException {
            ConnectionStream.send(connection, message);
        }

        @Override
        public void stop() throws InterruptedException {
            Nodes.shutdown(network);
            transport.close();
        }
    }

    /** Through a queue. */
    final class ToQueue implements HandOver {
        private final BlockingQueue<Message> queue;
        private final Thread consumer = new Thread(this::consume, "consumer");

        ToQueue(BlockingQueue<Message> queue) {
            this.queue = queue;
            consumer.start();
        }

        @Override
        public void put(Message message) throws InterruptedException {
            queue.put(message);
        }

        private void consume() {
            List<Message> taken = new ArrayList<>(MessageStream.QUEUE_CAPACITY);
            try {
                while (true) {
                    taken.add(queue.take());
                    queue.drainTo(taken);
                    taken.clear();
                }
            } catch (InterruptedException stopped) {
                // By stop(): there is nothing to leave in order.
            }
        }

        @Override
        public void stop() throws InterruptedException {
            consumer.interrupt();
            consumer.join();
        }
    }

    /** Through a queue of JCTools', which has no waiting for room: producers try again until there is some. */
    final class ToMpscQueue implements HandOver {
        private final MpscBlockingConsumerArrayQueue<Message> queue =
                new MpscBlockingConsumerArrayQueue<>(MessageStream.QUEUE_CAPACITY);
        private final Thread consumer = new Thread(this::consume, "consumer");

        ToMpscQueue() {
            consumer.start();
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck") // whoever spins would keep a processor from the consumer
        public void put(Message message) {
            while (!queue.offer(message)) {
                Thread.yield();
            }
        }

        private void consume() {
            try {
                while (true) {
                    queue.take();
                    queue.drain(message -> {});
                }
            } catch (InterruptedException stopped) {
                // By stop(): there is nothing to leave in order.
            }
        }

        @Override
        public void stop() throws InterruptedException {
            consumer.interrupt();
            consumer.join();
        }
    }
}
