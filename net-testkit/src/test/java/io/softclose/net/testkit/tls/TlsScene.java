/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.PeerId;
import io.softclose.net.spi.InputEnd;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Transport.LinkAcceptor;
import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.fake.FakeLink;
import io.softclose.net.testkit.fake.FakeTransport;
import io.softclose.net.testkit.fake.ManualEventLoop;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Alice's links over TLS on a fake transport, and at their other ends bare engines with Bob's key. */
final class TlsScene {
    static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6180);
    static final Duration DIAL_TIMEOUT = Duration.ofSeconds(8);
    static final TlsIdentity ALICE = TlsIdentity.fresh();
    static final TlsIdentity BOB = TlsIdentity.fresh();

    final TrustedPeers trusted = TrustedPeers.of(BOB.peerId());
    final FakeTransport below = new FakeTransport();
    final ManualEventLoop loop = below.loop();
    final TlsTransport transport;
    /** Of Bob, who trusts Alice alone: to make engines from. */
    final TlsSettings bob;

    TlsScene() {
        this(settings -> settings, settings -> settings);
    }

    /** With settings of Alice's and of Bob's. */
    TlsScene(UnaryOperator<TlsSettings.Builder> alice, UnaryOperator<TlsSettings.Builder> bob) {
        TlsSettings.Builder ours = TlsSettings.builder(trusted).identity(ALICE).executor(Runnable::run);
        transport = TlsTransport.over(below, alice.apply(ours).build());
        TlsSettings.Builder theirs = TlsSettings.builder(TrustedPeers.of(ALICE.peerId()));
        this.bob = bob.apply(theirs.identity(BOB)).build();
    }

    /** A link that Alice accepts, and Bob dials. */
    Talk accept() throws IOException {
        return accept(new EnginePeer(bob.engines().dialling(Optional.of(ALICE.peerId()))));
    }

    Talk accept(EnginePeer peer) throws IOException {
        Talk talk = new Talk(peer);
        Listener listener = transport.listen(ADDRESS, talk);
        talk.below = below.accept(ADDRESS);
        loop.runReady();
        listener.close();
        return talk;
    }

    /** A link that Alice dials, and Bob accepts. */
    Talk dial() throws IOException {
        Talk talk = new Talk(new EnginePeer(bob.engines().accepting()));
        talk.link = transport.dial(loop, ADDRESS, DIAL_TIMEOUT, talk);
        talk.below = below.links().get(below.links().size() - 1);
        loop.runReady();
        return talk;
    }

    /** A link of which the handshake has gone as far as it goes. */
    Talk connect(boolean dials) throws IOException {
        return (dials ? dial() : accept()).run();
    }

    /** Everything is over. */
    void close() {
        transport.close();
        loop.runReady();
        below.verifyNoLeaks();
    }

    /** One link of Alice's with all that it tells, and its peer. */
    final class Talk implements LinkAcceptor, LinkHandler {
        final EnginePeer peer;
        FakeLink below;
        Link link;
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private ByteBuffer waits = ByteBuffer.allocate(0);
        private boolean endWaits;
        private boolean endAsked;

        boolean connected;

        @Nullable
        InputEnd end;

        /** Whether Alice's end was out, as far as she knows, when she was told of Bob's. */
        boolean endedFirst;

        boolean closed;

        @Nullable
        Throwable cause;

        @SuppressWarnings("NullAway.Init") // The scene makes its links.
        private Talk(EnginePeer peer) {
            this.peer = peer;
        }

        /** Carries everything there and back until nobody says anything more. */
        Talk run() throws SSLException {
            for (boolean more = true; more; ) {
                more = carry();
            }
            return this;
        }

        /** Carries once what there is; true if there was anything. */
        boolean carry() throws SSLException {
            peer.answer();
            byte[] toAlice = peer.takeSaid();
            if (toAlice.length > 0) {
                below.read(toAlice);
            }
            loop.runReady();
            byte[] toBob = below.takeReceived();
            if (toBob.length > 0) {
                peer.receive(toBob);
            }
            return toAlice.length + toBob.length > 0;
        }

        /** Has Alice write this, now and as there is room. */
        void write(String text) {
            byte[] more = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer all = ByteBuffer.allocate(waits.remaining() + more.length);
            waits = all.put(waits).put(more).flip();
            loop.runNow(this::onWritable);
        }

        /** Has Alice end her direction once everything is written. */
        void end() {
            endWaits = true;
            endAsked = true;
            loop.runNow(this::onWritable);
        }

        /** Bytes that Alice has left to write. */
        int left() {
            return waits.remaining();
        }

        String received() {
            return received.toString(StandardCharsets.UTF_8);
        }

        Optional<PeerId> proven() {
            return link.provenPeer();
        }

        @Override
        public Optional<PeerId> expectedPeer() {
            return Optional.of(BOB.peerId());
        }

        @Override
        public LinkHandler accept(Link accepted) {
            link = accepted;
            return this;
        }

        @Override
        public void onConnected() {
            assertEquals(false, connected, "told twice");
            connected = true;
        }

        @Override
        public void onRead(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.writeBytes(bytes);
        }

        @Override
        public void onWritable() {
            int unused = waits.hasRemaining() ? link.write(waits) : 0;
            if (endWaits && !waits.hasRemaining()) {
                endWaits = !link.shutdownOutput();
            }
        }

        @Override
        public void onInputClosed(InputEnd how) {
            end = how;
            endedFirst = endAsked && !endWaits;
        }

        @Override
        public void onClosed(@Nullable Throwable why) {
            closed = true;
            cause = why;
        }
    }
}
