/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkEvents;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.fake.ManualEventLoop;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Somebody on the way cuts a short conversation over TLS and forges an end (FIN): handshake, messages both ways, and the
 * close. Each time the connection is opened or not, closes, and is never CLEAN unless the peer's handlers have everything.
 */
class TlsCutTest {
    /** Of the positions at which one may cut, every so manyth is tried: a prime, so that no record is always missed. */
    private static final int STEP = 11;

    private static final int ROUNDS = 2_000;
    private static final int MESSAGES = 3;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);
    private static final TlsIdentity ALICE = TlsIdentity.fresh();
    private static final TlsIdentity BOB = TlsIdentity.fresh();
    private static final TrustedPeers TRUSTED = TrustedPeers.of(ALICE.peerId(), BOB.peerId());

    @Test
    void aConversationThatNobodyCutsIsClean() throws IOException {
        Talk talk = new Talk(Long.MAX_VALUE, Long.MAX_VALUE);

        talk.run();

        assertEquals(CloseEnding.CLEAN, talk.alice.reports.get(0).ending());
        // It had written, and its peer ended first: as over a bare link.
        assertEquals(CloseEnding.UNCONFIRMED, talk.bob.reports.get(0).ending());
        assertEquals(MESSAGES, talk.alice.received.size());
        assertEquals(MESSAGES, talk.bob.received.size());
    }

    @Test
    void whoeverCutsWhatTheDiallingEndSaysIsFoundOut() throws IOException {
        Talk whole = new Talk(Long.MAX_VALUE, Long.MAX_VALUE);
        whole.run();
        Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);

        for (long cut = 0; cut <= whole.toBob.passed; cut += STEP) {
            endings.addAll(new Talk(cut, Long.MAX_VALUE).run().endings());
        }

        assertTrue(endings.contains(CloseEnding.CUT_OFF), () -> "never cut off an open connection: " + endings);
    }

    @Test
    void whoeverCutsWhatTheAcceptingEndSaysIsFoundOut() throws IOException {
        Talk whole = new Talk(Long.MAX_VALUE, Long.MAX_VALUE);
        whole.run();
        Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);

        for (long cut = 0; cut <= whole.toAlice.passed; cut += STEP) {
            endings.addAll(new Talk(Long.MAX_VALUE, cut).run().endings());
        }

        assertTrue(endings.contains(CloseEnding.CUT_OFF), () -> "never cut off an open connection: " + endings);
    }

    /** One end: a network over TLS on a fake transport. */
    private static final class End implements NetworkEvents {
        final FakeTransport below;
        final Network network;
        final List<Message> received = new ArrayList<>();
        final List<CloseReport> reports = new ArrayList<>();

        @Nullable
        Connection connection;

        End(ManualEventLoop loop, TlsIdentity identity) {
            below = new FakeTransport(loop);
            TlsSettings settings = TlsSettings.builder(TRUSTED)
                    .identity(identity)
                    .executor(Runnable::run)
                    .build();
            network = Network.builder()
                    .peerId(identity.peerId())
                    .transport(TlsTransport.over(below, settings))
                    .closePolicy(new ScriptedPolicy())
                    .handle(Messages.PROTOCOL, (from, message) -> received.add(message))
                    .events(this)
                    .build();
        }

        @Override
        public void connected(Connection opened) {
            connection = opened;
            for (int i = 0; i < MESSAGES; i++) {
                assertTrue(opened.send(Message.of(Messages.PROTOCOL, 0, new byte[100]))
                        .accepted());
            }
        }

        @Override
        public void disconnected(Connection closed, CloseReport report) {
            reports.add(report);
        }
    }

    /** One direction of the wire, on which somebody lets only so many bytes pass and then forges an end. */
    private static final class Wire {
        final FakeLink from;
        final FakeLink to;
        final long cut;
        long passed;
        boolean over;

        Wire(FakeLink from, FakeLink to, long cut) {
            this.from = from;
            this.to = to;
            this.cut = cut;
        }

        /** Carries what there is; true if there was anything. */
        boolean carry() {
            byte[] bytes = from.takeReceived();
            if (over) {
                return false;
            }
            int passes = (int) Math.min(bytes.length, cut - passed);
            if (passes > 0) {
                passed += passes;
                to.read(Arrays.copyOf(bytes, passes));
            }
            if (from.peerSawReset()) {
                over = true;
                to.fail(new IOException("reset by the peer"));
            } else if (passed == cut || from.peerSawEnd()) {
                over = true;
                to.inputClosed();
            }
            return over || passes > 0;
        }
    }

    /** A conversation: the dialling end closes when it has heard everything, and after a while in any case. */
    private static final class Talk {
        final ManualEventLoop loop = new ManualEventLoop();
        final End alice = new End(loop, ALICE);
        final End bob = new End(loop, BOB);
        final Wire toBob;
        final Wire toAlice;
        final Connection dialled;

        Talk(long cutToBob, long cutToAlice) throws IOException {
            bob.network.listen(ADDRESS);
            dialled = alice.network.dial(BOB.peerId(), ADDRESS);
            FakeLink fromAlice = alice.below.links().get(0);
            FakeLink fromBob = bob.below.accept(ADDRESS);
            toBob = new Wire(fromAlice, fromBob, cutToBob);
            toAlice = new Wire(fromBob, fromAlice, cutToAlice);
        }

        Talk run() {
            boolean closing = false;
            for (int i = 0; i < ROUNDS && !over(); i++) {
                loop.runReady();
                boolean carried = toBob.carry();
                carried |= toAlice.carry();
                if (!closing && alice.received.size() == MESSAGES) {
                    closing = true;
                    var unused = dialled.close();
                } else if (!carried && loop.readyTasks() == 0 && !loop.advanceToNextTimer()) {
                    break;
                }
            }
            assertTrue(over(), this::toString);
            check();
            return this;
        }

        private boolean over() {
            return dialled.opened().toCompletableFuture().isDone()
                    && dialled.closed().toCompletableFuture().isDone()
                    && bob.below.links().get(0).isClosed();
        }

        /** Whoever says CLEAN has a peer that took everything. */
        private void check() {
            assertTrue(cleanOnlyIfAllCame(alice, bob), () -> "Alice is clean: " + this);
            assertTrue(cleanOnlyIfAllCame(bob, alice), () -> "Bob is clean: " + this);
            var unused = alice.network.shutdown(Duration.ZERO);
            var unusedToo = bob.network.shutdown(Duration.ZERO);
            loop.runReady();
            alice.below.verifyNoLeaks();
            bob.below.verifyNoLeaks();
        }

        private static boolean cleanOnlyIfAllCame(End end, End peer) {
            boolean clean = end.connection != null
                    && end.reports.stream().anyMatch(report -> report.ending() == CloseEnding.CLEAN);
            return !clean || peer.received.size() == MESSAGES;
        }

        Set<CloseEnding> endings() {
            Set<CloseEnding> endings = EnumSet.noneOf(CloseEnding.class);
            alice.reports.forEach(report -> endings.add(report.ending()));
            bob.reports.forEach(report -> endings.add(report.ending()));
            return endings;
        }

        @Override
        public String toString() {
            return "cut after " + toBob.cut + " and " + toAlice.cut + ": " + alice.reports + bob.reports + ", received "
                    + alice.received.size() + " and " + bob.received.size() + ", state " + dialled.state();
        }
    }
}
