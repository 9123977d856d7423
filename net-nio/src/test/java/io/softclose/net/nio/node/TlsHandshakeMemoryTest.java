/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.HandshakeException;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a stranger costs who begins a handshake of TLS and says nothing more: the growth of HotSpot's class histogram over
 * {@value #STRANGERS} of them, their sockets at this end included, and of the number of direct buffers.
 */
class TlsHandshakeMemoryTest {
    private static final int STRANGERS = 200;
    private static final int WARM_UP = 20;
    private static final long MOST_BYTES = 64 * 1024;

    private final TlsIdentity own = TlsIdentity.fresh();
    private final TlsIdentity stranger = TlsIdentity.fresh();
    private final TrustedPeers trusted = TrustedPeers.of(own.peerId(), stranger.peerId());
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private final Network network;
    private final InetSocketAddress address;

    TlsHandshakeMemoryTest() throws IOException {
        TlsSettings patient = TlsSettings.builder(trusted)
                .identity(own)
                .handshakeTimeout(Duration.ofMinutes(5))
                .build();
        network = Network.builder()
                .peerId(own.peerId())
                .transport(() -> TlsTransport.over(NioTransport.builder().build(), patient))
                .closePolicy(GracefulPolicy.builder().build())
                .support(ProtocolId.CONSENSUS_DIRECT_SEND_BCS)
                .limits(Limits.builder()
                        .maxHandshakes(2 * STRANGERS)
                        .handshakeTimeout(Duration.ofMinutes(5))
                        .build())
                .events(new NetworkEvents() {
                    @Override
                    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
                        refused.incrementAndGet();
                    }
                })
                .build();
        address = (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        network.close();
    }

    @Test
    void aHandshakeThatIsLeftHalfOpenHoldsLittle() throws IOException {
        byte[] hello = hello();
        begin(WARM_UP, hello);
        LiveObjects before = LiveObjects.now();
        long buffersBefore = LiveObjects.directBuffers();

        begin(STRANGERS, hello);

        LiveObjects more = LiveObjects.now().since(before);
        long each = more.bytes() / STRANGERS;
        String text = "a half-open handshake: " + more.perUnit(STRANGERS);
        System.getLogger(TlsHandshakeMemoryTest.class.getName()).log(System.Logger.Level.INFO, text);
        assertTrue(each <= MOST_BYTES, text);
        assertTrue(each > 1_000, "nothing was measured: " + text);
        long buffers = LiveObjects.directBuffers() - buffersBefore;
        assertTrue(buffers < STRANGERS / 10, () -> buffers + " direct buffers more");
        assertEquals(0, refused.get());
    }

    /** So many strangers say hello, and have the answer: from now on they are waited for. */
    private void begin(int strangers, byte[] hello) throws IOException {
        for (int i = 0; i < strangers; i++) {
            Socket socket = new Socket(address.getAddress(), address.getPort());
            sockets.add(socket);
            socket.getOutputStream().write(hello);
        }
        for (Socket socket : sockets.subList(sockets.size() - strangers, sockets.size())) {
            socket.setSoTimeout(20_000);
            readRecords(socket.getInputStream(), 3);
        }
    }

    /** The answer is a hello, a change of cipher, and a sealed record or more with everything else. */
    private static void readRecords(InputStream in, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            byte[] header = in.readNBytes(5);
            assertEquals(5, header.length);
            in.skipNBytes(Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(3)));
        }
    }

    /** The same for everybody: nobody looks for that before the end of a handshake. */
    private byte[] hello() throws IOException {
        SSLEngine engine = TlsSettings.of(stranger, trusted).engines().dialling(Optional.of(own.peerId()));
        engine.beginHandshake();
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }
}
