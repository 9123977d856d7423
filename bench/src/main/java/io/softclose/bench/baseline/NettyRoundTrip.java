/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.channel.Channel;
import java.util.concurrent.Semaphore;

/** Round trips between two Netty pipelines, each with a loop of its own. */
public final class NettyRoundTrip implements RoundTrip {
    private final Semaphore answered = new Semaphore(0);
    private final NettyReceiver far;
    private final NettyDialler near;
    private final Channel channel;

    /** Connects the two. */
    public NettyRoundTrip() {
        far = new NettyReceiver((Channel made) ->
                made.pipeline().addLast(new NettyFrames.Decoder(payload -> NettyFrames.send(made, payload))));
        near = new NettyDialler(
                far.address(), made -> made.pipeline().addLast(new NettyFrames.Decoder(payload -> answered.release())));
        channel = near.channel();
    }

    @Override
    public void exchange(byte[] payload) throws InterruptedException {
        NettyFrames.send(channel, payload);
        answered.acquire();
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
