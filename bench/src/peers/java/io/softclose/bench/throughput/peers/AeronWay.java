/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.throughput.Terms;
import io.softclose.bench.throughput.Way;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;

/**
 * Aeron over UDP, each end with a media driver in its own process. What {@link Terms#outboxMessages} bounds is the publication's window,
 * which is what the application may be ahead of the driver's sender; what is in the other end's window is Aeron's, as what is in
 * socket buffers is TCP's.
 */
public final class AeronWay implements Way {
    @Override
    public String label() {
        return "aeron";
    }

    /** Agrona looks into the JDK for its memory barriers. */
    @Override
    public List<String> flags() {
        return List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    @Override
    public Receiver listen(Terms terms, Tally tally) throws IOException, InterruptedException {
        return new AeronReceiver(tally);
    }

    @Override
    public MessageStream dial(Terms terms, SocketAddress address) throws IOException, InterruptedException {
        return new AeronStream(terms, address);
    }
}
