/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.Layer;
import io.softclose.net.testkit.LeakChecks;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.transport.LinkProbe.Event;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** The transport under test, for one test of {@link TransportContract}, with everything the test made of it. */
public final class TransportFixture {
    /** For dials that are expected to be answered. */
    static final Duration DIAL_TIMEOUT = Waiting.SAFETY_NET;

    private final TestedTransport contract;
    private final LeakChecks threads = LeakChecks.begin();
    private final List<Transport> transports = new ArrayList<>();
    /** The same, each without its layer. */
    private final List<Transport> bare = new ArrayList<>();

    private final Queue<LinkProbe> probes = new ConcurrentLinkedQueue<>();
    private final Transport transport;

    TransportFixture(TestedTransport contract) {
        this.contract = contract;
        transport = another();
    }

    /** The transport under test. */
    public Transport transport() {
        return transport;
    }

    /** One more transport, closed after the test as the first one is. */
    public Transport another() {
        return closedAfterwards(contract.createTransport());
    }

    /** One more transport whose links linger for this long at most, whether anything happens or not. */
    public Transport anotherThatLingers(Duration lingerTime) {
        return anotherThatLingers(lingerTime, lingerTime);
    }

    /** One more transport, see {@link TestedTransport#createTransport(Duration, Duration)}. */
    public Transport anotherThatLingers(Duration lingerTimeout, Duration lingerTime) {
        return closedAfterwards(contract.createTransport(lingerTimeout, lingerTime));
    }

    private Transport closedAfterwards(Transport created) {
        Transport layered = contract.layer().over(created);
        bare.add(created);
        transports.add(layered);
        return layered;
    }

    /** What the transports have over them, see {@link TestedTransport#layer}. */
    Layer layer() {
        return contract.layer();
    }

    /** A free address to listen on. */
    public SocketAddress listenAddress() throws IOException {
        return contract.listenAddress();
    }

    /** Whether the peer sees a reset, see {@link TestedTransport#resets}. */
    public boolean resets() {
        return contract.resets();
    }

    /** Threads that were started since before the transport was made and are alive. */
    public List<Thread> threads() {
        return threads.startedSince();
    }

    /** Listens on a free address, with a fresh probe for each link. */
    public Listening listen() throws IOException {
        return listen(LinkProbe::new);
    }

    /** Listens on a free address, with a probe from this supplier for each link. */
    public Listening listen(Supplier<LinkProbe> handlers) throws IOException {
        return listen(listenAddress(), handlers);
    }

    /** Listens on this address, with a probe from this supplier for each link. */
    public Listening listen(SocketAddress address, Supplier<LinkProbe> handlers) throws IOException {
        BlockingQueue<LinkProbe> accepted = new LinkedBlockingQueue<>();
        Transport.Listener listener = transport.listen(address, link -> {
            LinkProbe probe = handlers.get().attach(link);
            probes.add(probe);
            accepted.add(probe);
            return probe;
        });
        return new Listening(listener, accepted);
    }

    /** Dials with this probe as the handler. */
    public LinkProbe dial(SocketAddress address, Duration timeout, LinkProbe probe) {
        transport.dial(address, timeout, link -> {
            probes.add(probe);
            return probe.attach(link);
        });
        return probe;
    }

    /** Dials with a fresh probe. */
    public LinkProbe dial(SocketAddress address) {
        return dial(address, DIAL_TIMEOUT, new LinkProbe());
    }

    /** An address on which nobody listens. */
    public SocketAddress refusedAddress() throws IOException {
        Listening listening = listen();
        listening.listener().close();
        return listening.address();
    }

    /** A link between two fresh probes, both connected. */
    public LinkPair connect() throws IOException {
        return connect(new LinkProbe(), new LinkProbe());
    }

    /** A link between these probes, both connected. Its listener stays until the transport closes. */
    public LinkPair connect(LinkProbe dialled, LinkProbe accepted) throws IOException {
        Listening listening = listen(() -> accepted);
        dial(listening.address(), DIAL_TIMEOUT, dialled);
        return new LinkPair(dialled.await(Event.CONNECTED), listening.next().await(Event.CONNECTED));
    }

    /**
     * As {@link #connect(LinkProbe, LinkProbe)}, for a dialled end that leaves when it is connected. The accepted one may hear
     * of that before it is up, if that takes it more than the dialled one.
     */
    public LinkPair connectBriefly(LinkProbe dialled, LinkProbe accepted) throws IOException {
        Listening listening = listen(() -> accepted);
        dial(listening.address(), DIAL_TIMEOUT, dialled);
        return new LinkPair(dialled.await(Event.CONNECTED), listening.next());
    }

    /** As {@link #connect(LinkProbe, LinkProbe)}, but the accepted end is another transport's: the ends share no loop. */
    public LinkPair connectAcross(LinkProbe dialled, LinkProbe accepted) throws IOException {
        return connectTo(another(), dialled, accepted);
    }

    /** A link between these probes, both connected, of which the accepted end is on this transport. */
    public LinkPair connectTo(Transport accepting, LinkProbe dialled, LinkProbe accepted) throws IOException {
        Transport.Listener listener = accepting.listen(listenAddress(), link -> {
            probes.add(accepted);
            return accepted.attach(link);
        });
        dial(listener.localAddress(), DIAL_TIMEOUT, dialled);
        return new LinkPair(dialled.await(Event.CONNECTED), accepted.await(Event.CONNECTED));
    }

    /** Closes what is left, and checks that nothing is, and that nobody broke the contract. */
    void closeAndCheck() {
        assertTimeoutPreemptively(Waiting.SAFETY_NET, () -> transports.forEach(Transport::close), "closing");
        assertAll(
                () -> assertAll(probes.stream().map(probe -> () -> checkClosed(probe))),
                () -> assertEquals(
                        0, bare.stream().mapToLong(contract::lentBuffers).sum(), "buffers still on loan"),
                threads::assertNoThreadLeft);
    }

    private static void checkClosed(LinkProbe probe) {
        // The transport has stopped, or its last thread, on which it was closed, is about to tell.
        probe.awaitClosed();
        List<Event> events = probe.events();
        assertEquals(List.of(), probe.violations(), () -> "violations by a link with " + events.size() + " events");
        assertEquals(Event.CLOSED, events.get(events.size() - 1), "the last event");
    }
}
