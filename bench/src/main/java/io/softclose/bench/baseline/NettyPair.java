/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.baseline;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Two ends of one loopback connection over Netty, each with a loop of its own, and the frames' codec in each pipeline. */
final class NettyPair implements AutoCloseable {
    private static final int MAX_FRAME_BYTES = 4 << 20;
    /** Variants of MultiplexMessage and NetworkMessage, protocol, priority. */
    private static final int FIELDS = 4;

    /** Enough for the loop to find a full batch each time it turns. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 2 << 20);

    private final EventLoopGroup dialling;
    private final EventLoopGroup listening;
    private final Channel channel;

    /**
     * Connects.
     *
     * @param dialler adds to the pipeline of the end that dials, behind the codec
     * @param listener adds to that of the end that listens
     */
    NettyPair(Consumer<Channel> dialler, Consumer<Channel> listener) {
        NettyIo io = NettyIo.best();
        dialling = new MultiThreadIoEventLoopGroup(1, io.loops());
        listening = new MultiThreadIoEventLoopGroup(1, io.loops());
        Channel server = new ServerBootstrap()
                .group(listening)
                .channel(io.listener())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(listener))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        channel = new Bootstrap()
                .group(dialling)
                .channel(io.link())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(initializer(dialler))
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    /** The dialling end. */
    Channel channel() {
        return channel;
    }

    /** Writes and flushes. A failure closes the channel, and the message never comes. */
    @SuppressWarnings("FutureReturnValueIgnored") // the void promise is no future to wait for
    static void send(Channel channel, byte[] payload) {
        channel.writeAndFlush(payload, channel.voidPromise());
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> handlers) {
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

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        dialling.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        listening.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
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
