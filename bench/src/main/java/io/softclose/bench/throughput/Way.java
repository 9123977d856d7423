/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/**
 * By what messages go from one process to another. Beside those of every build there may be others, found by {@link
 * java.util.ServiceLoader}. One message of the application's is one of the way's, and the receiver tells of each; an implementation is
 * stateless.
 */
public interface Way {
    /** What it is called on the command line. */
    String label();

    /** Options of the JVMs of its two processes, besides the heap's size. */
    default List<String> flags() {
        return List.of();
    }

    /** Whether it keeps to {@link Terms#outboxMessages}; if not, it is measured once whatever they are. */
    default boolean hasOutbox() {
        return true;
    }

    /** Listens on the loopback interface, on a port of the system's choice, for one sender. */
    Receiver listen(Terms terms, Tally tally) throws IOException, InterruptedException;

    /** Connects to whoever {@link #listen listens}. The stream is used and closed by the thread that made it. */
    MessageStream dial(Terms terms, SocketAddress address) throws IOException, InterruptedException;
}
