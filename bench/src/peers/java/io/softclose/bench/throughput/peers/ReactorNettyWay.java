/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.throughput.Terms;
import io.softclose.bench.throughput.Way;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * Reactor Netty: messages with their lengths before them, on one loop at each end. A stream of the client's hands them to the loop,
 * over a queue of {@link Terms#outboxMessages}; when to flush is left to the library.
 */
public final class ReactorNettyWay implements Way {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 64 << 20;

    @Override
    public String label() {
        return "reactor-netty";
    }

    @Override
    public Receiver listen(Terms terms, Tally tally) {
        return new ServerReceiver(tally);
    }

    @Override
    public MessageStream dial(Terms terms, SocketAddress address) {
        return new ClientStream(terms, address);
    }

    /** A server on loopback, on a port of the system's choice. */
    static TcpServer server(LoopResources loop) {
        return TcpServer.create()
                .runOn(loop)
                .host("127.0.0.1")
                .port(0)
                .childOption(ChannelOption.TCP_NODELAY, true);
    }

    /** A client of a server there. */
    static TcpClient client(LoopResources loop, SocketAddress address) {
        return TcpClient.create().runOn(loop).remoteAddress(() -> address).option(ChannelOption.TCP_NODELAY, true);
    }

    /** Copies what is left of a buffer into an array of its own. */
    static byte[] copy(ByteBuf buffer) {
        byte[] payload = new byte[buffer.readableBytes()];
        buffer.readBytes(payload);
        return payload;
    }

    private static final class ServerReceiver implements Receiver {
        private final OneLoop loop = new OneLoop();
        private final DisposableServer server;

        ServerReceiver(Tally tally) {
            server = server(loop)
                    .doOnConnection(connection -> connection.addHandlerLast(
                            new LengthFieldBasedFrameDecoder(MOST_BYTES, 0, Integer.BYTES, 0, Integer.BYTES)))
                    .handle((inbound, outbound) -> inbound.receive()
                            .doOnNext(message -> tally.handled(copy(message)))
                            .then())
                    .bindNow(PATIENCE);
        }

        @Override
        public SocketAddress address() {
            return server.address();
        }

        @Override
        public void close() {
            server.disposeNow(SOON);
            loop.dispose();
        }
    }

    private static final class ClientStream implements MessageStream {
        private final OneLoop loop = new OneLoop();
        private final CreditedSource<byte[]> source = new CreditedSource<>();
        private final Connection connection;

        ClientStream(Terms terms, SocketAddress address) {
            connection = client(loop, address).connectNow(PATIENCE);
            var unused = connection
                    .outbound()
                    .send(source.flux()
                            .publishOn(
                                    Schedulers.fromExecutorService(
                                            connection.channel().eventLoop()),
                                    terms.outboxMessages())
                            .map(this::frame))
                    .then()
                    .subscribe(ignored -> {}, failure -> source.end(), source::end);
        }

        /** On the loop, whose buffers come back to it. */
        private ByteBuf frame(byte[] payload) {
            return connection
                    .channel()
                    .alloc()
                    .ioBuffer(Integer.BYTES + payload.length)
                    .writeInt(payload.length)
                    .writeBytes(payload);
        }

        @Override
        public void send(byte[] payload) throws IOException, InterruptedException {
            source.send(payload);
        }

        @Override
        public void close() {
            connection.disposeNow(SOON);
            loop.dispose();
        }
    }
}
