/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The frames' codec, in the pipeline of each end of a connection over Netty. */
final class NettyFrames {
    private static final int MAX_FRAME_BYTES = 4 << 20;
    /** Variants of MultiplexMessage and NetworkMessage, protocol, priority. */
    private static final int FIELDS = 4;

    private NettyFrames() {}

    /** Writes and flushes. A failure closes the channel, and the message never comes. */
    @SuppressWarnings("FutureReturnValueIgnored") // the void promise is no future to wait for
    static void send(Channel channel, byte[] payload) {
        channel.writeAndFlush(payload, channel.voidPromise());
    }

    /** Makes a pipeline with the codec, and these handlers behind it. */
    static ChannelInitializer<Channel> pipeline(Consumer<Channel> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                made.pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, Integer.BYTES, 0, Integer.BYTES))
                        .addLast(new Encoder());
                handlers.accept(made);
            }
        };
    }

    /** Hands on a copy of each payload. */
    static final class Decoder extends SimpleChannelInboundHandler<ByteBuf> {
        private final Consumer<byte[]> handler;

        Decoder(Consumer<byte[]> handler) {
            this.handler = handler;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            frame.skipBytes(FIELDS);
            while (frame.readByte() < 0) {
                // The payload's length, as ULEB128: the frame's length says the same.
            }
            byte[] payload = new byte[frame.readableBytes()];
            frame.readBytes(payload);
            handler.accept(payload);
        }
    }

    /** Writes frames. */
    private static final class Encoder extends MessageToByteEncoder<byte[]> {
        @Override
        protected ByteBuf allocateBuffer(ChannelHandlerContext context, byte[] payload, boolean preferDirect) {
            return context.alloc().ioBuffer(DirectSendFrames.maxSize(payload.length));
        }

        @Override
        protected void encode(ChannelHandlerContext context, byte[] payload, ByteBuf out) {
            int start = out.writerIndex();
            ByteBuffer room = out.nioBuffer(start, out.writableBytes());
            DirectSendFrames.put(room, payload);
            out.writerIndex(start + room.position());
        }
    }
}
