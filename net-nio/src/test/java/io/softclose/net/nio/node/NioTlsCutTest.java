/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.HandshakeException;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import io.softclose.policy.drain.GracefulPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A relay on real sockets cuts short conversations over TLS, with a FIN: in the handshake, among messages, in the close.
 * Each time the dial succeeds or fails, both ends close, and nobody is CLEAN whose peer's handler does not have everything.
 */
class NioTlsCutTest {
    /** Cuts are so many bytes apart; a prime, so that no record is always missed. */
    private static final int STEP = Integer.getInteger("softclose.tls.cutStep", 41);

    private static final long NOWHERE = Long.MAX_VALUE;
    private static final int MESSAGES = 3;
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private final TlsIdentity alice = TlsIdentity.fresh();
    private final TlsIdentity bob = TlsIdentity.fresh();
    private final AtomicInteger toAlice = new AtomicInteger();
    private final AtomicInteger toBob = new AtomicInteger();
    /** What became of each connection that Bob was offered: a report, or why it was refused. */
    private final BlockingQueue<Object> ends = new LinkedBlockingQueue<>();

    private Network dialling;
    private Network listening;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        dialling = network(alice, toAlice, true);
        listening = network(bob, toBob, false);
        address = (InetSocketAddress) listening
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
    }

    @AfterEach
    void shutDown() {
        dialling.close();
        listening.close();
    }

    @Test
    void whoeverCutsWhatTheDiallingEndSaysIsFoundOut() throws Exception {
        long all = whole().passedThere();
        Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);

        for (long cut = 0; cut < all; cut += STEP) {
            talk(cut, NOWHERE, endings);
        }

        assertTrue(endings.contains(CloseEnding.CUT_OFF), () -> "never cut off an open connection: " + endings);
    }

    @Test
    void whoeverCutsWhatTheAcceptingEndSaysIsFoundOut() throws Exception {
        long all = whole().passedBack();
        Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);

        for (long cut = 0; cut < all; cut += STEP) {
            talk(NOWHERE, cut, endings);
        }

        assertTrue(endings.contains(CloseEnding.CUT_OFF), () -> "never cut off an open connection: " + endings);
    }

    /** A conversation that nobody cuts. */
    private CuttingRelay whole() throws Exception {
        Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);
        CuttingRelay relay = talk(NOWHERE, NOWHERE, endings);
        assertTrue(endings.contains(CloseEnding.CLEAN), endings::toString);
        assertEquals(MESSAGES, toAlice.get());
        assertEquals(MESSAGES, toBob.get());
        return relay;
    }

    private CuttingRelay talk(long cutThere, long cutBack, Set<CloseEnding> endings) throws Exception {
        toAlice.set(0);
        toBob.set(0);
        String where = "cut after " + cutThere + " and " + cutBack;
        CuttingRelay relay = new CuttingRelay(address, cutThere, cutBack);
        try (relay) {
            Connection connection = dialling.dial(bob.peerId(), relay.address());
            boolean opened =
                    Waiting.await(connection.opened().handle((open, failure) -> failure == null), "the dial, " + where);
            CloseReport report = Waiting.await(connection.closed(), "the close, " + where);
            Object other = Waiting.next(ends, "the other end, " + where);

            if (opened) {
                endings.add(report.ending());
                assertTrue(
                        report.ending() != CloseEnding.CLEAN || toBob.get() == MESSAGES, () -> where + ": " + report);
            }
            if (other instanceof CloseReport bobs) {
                endings.add(bobs.ending());
                assertTrue(bobs.ending() != CloseEnding.CLEAN || toAlice.get() == MESSAGES, () -> where + ": " + bobs);
            }
        }
        return relay;
    }

    private Network network(TlsIdentity own, AtomicInteger received, boolean closes) {
        TlsSettings settings = TlsSettings.of(own, TrustedPeers.of(alice.peerId(), bob.peerId()));
        return Network.builder()
                .peerId(own.peerId())
                .transport(
                        () -> TlsTransport.over(NioTransport.builder().loops(1).build(), settings))
                .identityExchange(IdentityExchange.proven())
                .closePolicy(GracefulPolicy.builder().build())
                .handle(PROTOCOL, (connection, message) -> {
                    if (received.incrementAndGet() == MESSAGES && closes) {
                        CompletableFuture<?> unused = connection.close().toCompletableFuture();
                    }
                })
                .events(new NetworkEvents() {
                    @Override
                    public void connected(Connection connection) {
                        for (int i = 0; i < MESSAGES; i++) {
                            assertEquals(SendResult.ACCEPTED, connection.send(Message.of(PROTOCOL, 0, new byte[100])));
                        }
                    }

                    @Override
                    public void disconnected(Connection connection, CloseReport report) {
                        if (!closes) {
                            ends.add(report);
                        }
                    }

                    @Override
                    public void inboundRefused(SocketAddress remote, HandshakeException cause) {
                        ends.add(cause);
                    }
                })
                .build();
    }
}
