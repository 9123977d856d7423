/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.channel.Channel;
import java.util.concurrent.Semaphore;

/** Round trips between two Netty pipelines, each with a loop of its own. */
public final class NettyRoundTrip implements RoundTrip {
    private final Semaphore answered = new Semaphore(0);
    private final NettyPair pair;
    private final Channel channel;

    /** Connects the two. */
    public NettyRoundTrip() {
        pair = new NettyPair(
                near -> near.pipeline().addLast(new NettyPair.Decoder(payload -> answered.release())),
                far -> far.pipeline().addLast(new NettyPair.Decoder(payload -> NettyPair.send(far, payload))));
        channel = pair.channel();
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        NettyPair.send(channel, payload);
        answered.acquire();
    }

    @Override
    public void close() {
        pair.close();
    }
}
