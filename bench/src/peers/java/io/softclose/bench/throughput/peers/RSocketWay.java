/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput.peers;

import static java.util.Objects.requireNonNull;

import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.DefaultPayload;
import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.throughput.Terms;
import io.softclose.bench.throughput.Way;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.core.publisher.Flux;

/**
 * RSocket over TCP: one request-channel, whose responder asks for {@link Terms#outboxMessages} at a time. Not fire-and-forget: that has
 * no back-pressure, and a sender that is faster than the wire fills the heap.
 */
public final class RSocketWay implements Way {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String label() {
        return "rsocket";
    }

    @Override
    public Receiver listen(Terms terms, Tally tally) {
        return new ServerReceiver(terms, tally);
    }

    @Override
    public MessageStream dial(Terms terms, SocketAddress address) {
        return new ClientStream(address);
    }

    private static final class ServerReceiver implements Receiver {
        private final OneLoop loop = new OneLoop();
        private final CloseableChannel server;

        ServerReceiver(Terms terms, Tally tally) {
            server = RSocketServer.create(SocketAcceptor.forRequestChannel(messages -> Flux.from(messages)
                            .limitRate(terms.outboxMessages())
                            .doOnNext(message -> take(message, tally))
                            .thenMany(Flux.empty())))
                    .payloadDecoder(PayloadDecoder.ZERO_COPY)
                    .bindNow(TcpServerTransport.create(ReactorNettyWay.server(loop)));
        }

        private static void take(Payload message, Tally tally) {
            byte[] payload = ReactorNettyWay.copy(message.sliceData());
            message.release();
            tally.handled(payload);
        }

        @Override
        public SocketAddress address() {
            return server.address();
        }

        @Override
        public void close() {
            server.dispose();
            loop.dispose();
        }
    }

    private static final class ClientStream implements MessageStream {
        private final OneLoop loop = new OneLoop();
        private final CreditedSource<Payload> source = new CreditedSource<>();
        private final RSocket socket;

        ClientStream(SocketAddress address) {
            socket = requireNonNull(RSocketConnector.create()
                    .payloadDecoder(PayloadDecoder.ZERO_COPY)
                    .connect(TcpClientTransport.create(ReactorNettyWay.client(loop, address)))
                    .block(PATIENCE));
            var unused = socket.requestChannel(source.flux())
                    .subscribe(answer -> {}, failure -> source.end(), source::end);
        }

        @Override
        public void send(byte[] payload) throws IOException, InterruptedException {
            source.send(DefaultPayload.create(payload));
        }

        @Override
        public void close() {
            socket.dispose();
            loop.dispose();
        }
    }
}
