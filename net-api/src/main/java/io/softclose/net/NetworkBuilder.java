/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

import io.softclose.net.engine.ExecutorAnswers;
import io.softclose.net.engine.Handling;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.NetworkSettings.AtClose;
import io.softclose.net.engine.NetworkSettings.PeerRules;
import io.softclose.net.engine.NetworkSettings.Self;
import io.softclose.net.engine.NetworkSettings.Ways;
import io.softclose.net.engine.Observers;
import io.softclose.net.engine.Services;
import io.softclose.net.engine.node.LocalNetwork;
import io.softclose.net.log.EventLog;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.NameResolver;
import io.softclose.net.spi.Require;
import io.softclose.net.spi.Transport;
import io.softclose.net.wire.HandshakeMsg;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Network}. A transport, a close policy and at least one protocol must be named; everything
 * else has a default. Not thread-safe.
 */
public final class NetworkBuilder {
    private @Nullable PeerId peerId;
    private int chainId = 4;
    private NetworkId networkId = NetworkId.validator();
    private @Nullable Transport transport;
    private @Nullable Supplier<? extends Transport> transportSource;
    private NameResolver nameResolver = NameResolver.system();
    private @Nullable ClosePolicy closePolicy;
    private @Nullable String closePolicyName;
    private IdentityExchange identityExchange = IdentityExchange.proven();
    private Optional<Duration> exitBudget = Optional.empty();
    private Limits limits = Limits.defaults();
    private Duration peerWait = PeerRules.DEFAULT.patience();
    private boolean oneConnectionPerPeer = PeerRules.DEFAULT.oneConnection();
    private final List<NetworkEvents> events = new ArrayList<>();
    /** By id. */
    private final Map<Integer, ProtocolId> protocols = new TreeMap<>();

    private final Map<ProtocolId, Handling> handlers = new HashMap<>();
    private final Map<ProtocolId, AsyncRequestHandler> requestHandlers = new HashMap<>();
    private final Set<ProtocolId> answeredAhead = new HashSet<>();

    NetworkBuilder() {}

    /** Who this node is; a random identity by default. */
    public NetworkBuilder peerId(PeerId peerId) {
        this.peerId = requireNonNull(peerId, "peerId");
        return this;
    }

    /**
     * The chain that peers must be on; 4, AptosNet's testing chain, by default.
     *
     * @param chainId 1 to 255
     */
    public NetworkBuilder chainId(int chainId) {
        Require.within("chainId", chainId, 1, 255);
        this.chainId = chainId;
        return this;
    }

    /** The network that peers must be on; the validators' by default. */
    public NetworkBuilder networkId(NetworkId networkId) {
        this.networkId = requireNonNull(networkId, "networkId");
        return this;
    }

    /** Chooses a transport by its provider's name. The network makes it, and closes it when it shuts down. */
    public NetworkBuilder transport(String name) {
        requireNonNull(name, "name");
        return transport(() -> Providers.transport(name));
    }

    /** Makes the transport when the network is built. The network closes it when it shuts down. */
    public NetworkBuilder transport(Supplier<? extends Transport> source) {
        transportSource = requireNonNull(source, "source");
        transport = null;
        return this;
    }

    /** Uses this transport, which may serve several networks and stays the caller's to close. */
    public NetworkBuilder transport(Transport transport) {
        this.transport = requireNonNull(transport, "transport");
        transportSource = null;
        return this;
    }

    /** Who finds the addresses of hosts that are dialled by name; {@link NameResolver#system()} by default. */
    public NetworkBuilder nameResolver(NameResolver resolver) {
        nameResolver = requireNonNull(resolver, "resolver");
        return this;
    }

    /** Chooses a close policy by its provider's name. */
    public NetworkBuilder closePolicy(String name) {
        closePolicyName = requireNonNull(name, "name");
        closePolicy = null;
        return this;
    }

    /** Uses this close policy. */
    public NetworkBuilder closePolicy(ClosePolicy policy) {
        closePolicy = requireNonNull(policy, "policy");
        closePolicyName = null;
        return this;
    }

    /**
     * How peers' identities are found; {@link IdentityExchange#proven()} by default, which refuses a peer whose link proves
     * nobody.
     */
    public NetworkBuilder identityExchange(IdentityExchange exchange) {
        identityExchange = requireNonNull(exchange, "exchange");
        return this;
    }

    /**
     * Lets peers in that prove nothing, as on AptosNet's base wire: for networks of trust. Whoever is in between may read and
     * change everything, and be anybody. {@link Connection#provenPeer} is empty on such a connection; {@link Connection#peer}
     * is who was dialled, or made from the address. The log says so once, at INFO, when the network is built. On a link that
     * proves its peer nothing changes. The same as {@code identityExchange(IdentityExchange.plaintext())}.
     */
    public NetworkBuilder plaintext() {
        return identityExchange(IdentityExchange.plaintext());
    }

    /**
     * Has the network shut down when the virtual machine exits: at {@code System.exit}, SIGTERM or SIGINT. The exit waits for
     * that, a second longer than this budget at most; a process that is killed (SIGKILL) does not wait. By default nothing
     * happens at exit. The hook is there from when the network first listens or dials until it has shut down in whatever way;
     * so it keeps no network that opens nothing, or is shut down. Other hooks run at the same time: an executor of handlers,
     * or a log, may be gone before.
     *
     * @param budget as of {@link Network#shutdown(Duration)}
     */
    public NetworkBuilder shutdownOnExit(Duration budget) {
        Require.notNegative("budget", budget);
        exitBudget = Optional.of(budget);
        return this;
    }

    /** Bounds for every connection; AptosNet's by default. */
    public NetworkBuilder limits(Limits limits) {
        this.limits = requireNonNull(limits, "limits");
        return this;
    }

    /**
     * How long messages that are addressed to a {@link Peer} may wait for its next connection, unless their sender says
     * otherwise; 10 s by default.
     *
     * @param wait zero for not at all
     */
    public NetworkBuilder peerWait(Duration wait) {
        Require.notNegative("peerWait", wait);
        peerWait = wait;
        return this;
    }

    /**
     * Whether of two connections to a peer that has {@linkplain Connection#provenPeer proved} its identity only one stays; so
     * by default. Both ends agree which; the other closes for {@link DisconnectReason#DUPLICATE_CONNECTION}. Both ends
     * should have the same setting. An application that wants several connections to one peer turns this off.
     */
    public NetworkBuilder oneConnectionPerPeer(boolean one) {
        oneConnectionPerPeer = one;
        return this;
    }

    /** Supports a protocol, as {@link #support} does, and hands its messages to this handler, on the event loop: so it must not block. */
    public NetworkBuilder handle(ProtocolId protocol, MessageHandler handler) {
        return handle(protocol, new Handling.OnLoop(requireNonNull(handler, "handler")));
    }

    /**
     * Supports a protocol, and hands its messages to this handler in tasks of an executor, where it may block: one message
     * of a connection after the other, in their order, and those of different connections and protocols at the same time,
     * as far as the executor has threads. A message has been handled when the handler returns. What waits for the handlers
     * of a connection is bounded by {@link Limits#handlerMessages} and {@link Limits#handlerBytes}.
     *
     * <p>An executor that takes no task, because it has too many or is shut down, loses no message: {@link
     * NetworkEvents#callbackFailed} is told, and the connection tries again ten times a second and with each message that
     * comes. So shut a network down before the executor of its handlers.
     *
     * @param executor runs the handler's tasks, virtual threads for example; stays the caller's to shut down
     */
    public NetworkBuilder handle(ProtocolId protocol, MessageHandler handler, Executor executor) {
        return handle(
                protocol,
                new Handling.OnExecutor(requireNonNull(handler, "handler"), requireNonNull(executor, "executor")));
    }

    /**
     * Supports a protocol, and hands its messages to this handler, whose stages say when they have been handled: one
     * message of a connection after the other. The handler is called on the event loop, so it must not block. The bounds
     * are those of {@link #handle(ProtocolId, MessageHandler, Executor)}.
     */
    public NetworkBuilder handleAsync(ProtocolId protocol, AsyncMessageHandler handler) {
        return handle(protocol, new Handling.InStages(requireNonNull(handler, "handler")));
    }

    private NetworkBuilder handle(ProtocolId protocol, Handling handling) {
        support(protocol);
        handlers.put(protocol, handling);
        return this;
    }

    /** Supports a protocol, and has this handler answer its requests, at once. */
    public NetworkBuilder answer(ProtocolId protocol, RequestHandler handler) {
        requireNonNull(handler, "handler");
        return answerLater(
                protocol,
                (connection, request) -> CompletableFuture.completedFuture(handler.onRequest(connection, request)));
    }

    /**
     * Supports a protocol, and has this handler answer its requests in tasks of an executor, where it may block: each in a
     * task of its own, so in no order. What is with the handlers of a connection is bounded as for {@link
     * #handle(ProtocolId, MessageHandler, Executor)}. A request whose task the executor refuses has no answer, and {@link
     * NetworkEvents#callbackFailed} is told.
     *
     * @param executor runs the handler's tasks, virtual threads for example; stays the caller's to shut down
     */
    public NetworkBuilder answer(ProtocolId protocol, RequestHandler handler, Executor executor) {
        return answerLater(
                protocol,
                new ExecutorAnswers(requireNonNull(handler, "handler"), requireNonNull(executor, "executor")));
    }

    /** Supports a protocol, and has this handler answer its requests, in its own time. */
    public NetworkBuilder answerLater(ProtocolId protocol, AsyncRequestHandler handler) {
        support(protocol);
        requestHandlers.put(protocol, requireNonNull(handler, "handler"));
        answeredAhead.remove(protocol);
        return this;
    }

    /**
     * As {@link #answer}, and its answers go past everything that waits, as {@link Connection#probe} asks: before what is in any
     * lane. So they are in no lane's account; {@link ConnectionStats#probes} counts them. An answer of more than {@link
     * Connection#MAX_PROBE_BYTES} goes in its lane, as any other.
     */
    public NetworkBuilder answerProbes(ProtocolId protocol, RequestHandler handler) {
        answer(protocol, handler);
        answeredAhead.add(protocol);
        return this;
    }

    /**
     * Supports a protocol. Messages and requests of it that arrive without a handler are answered with {@code NotSupported}.
     *
     * @throws IllegalArgumentException if it is {@link ProtocolId#UNKNOWN}, or one of another name has its id
     */
    public NetworkBuilder support(ProtocolId protocol) {
        if (requireNonNull(protocol, "protocol").equals(ProtocolId.UNKNOWN)) {
            throw new IllegalArgumentException("protocol: Unknown (expected: one that can be spoken)");
        }
        ProtocolId other = protocols.putIfAbsent(protocol.id(), protocol);
        if (other != null && !other.name().equals(protocol.name())) {
            throw new IllegalArgumentException("protocol " + protocol.name() + ": id " + protocol.id()
                    + " (expected: another id; protocol " + other.name() + " has it)");
        }
        return this;
    }

    /** What it supports so far. */
    public Set<ProtocolId> protocols() {
        return Set.copyOf(protocols.values());
    }

    /** Who observes the network, instead of whoever was named before; nobody by default. */
    public NetworkBuilder events(NetworkEvents events) {
        requireNonNull(events, "events");
        this.events.clear();
        return addEvents(events);
    }

    /**
     * Who observes the network besides those named before. They are told in the order in which they were added, and what
     * one throws keeps no other from being told. With several, an event goes to those that override its method; its line
     * is in the log only if none of those {@linkplain NetworkEvents#takesLinesOver takes lines over}, or if one that does calls
     * {@code NetworkEvents.super}.
     */
    public NetworkBuilder addEvents(NetworkEvents events) {
        this.events.add(requireNonNull(events, "events"));
        return this;
    }

    /**
     * The network. It opens nothing yet.
     *
     * @throws IllegalStateException if no transport, close policy or protocol was given
     * @throws NetworkException if no provider has the given name; the message lists those found
     */
    public Network build() {
        if (protocols.isEmpty()) {
            throw new IllegalStateException("no protocol (expected: handle(...) or support(...) at least once)");
        }
        ClosePolicy policy = closePolicy;
        if (policy == null) {
            policy = Providers.closePolicy(required("close policy", closePolicyName));
        }
        LanePlan lanes = policy.lanes(limits);
        Transport given = transport;
        if (given != null) {
            return network(policy, lanes, given, false);
        }
        Transport made = requireNonNull(required("transport", transportSource).get(), "the source's transport");
        try {
            return network(policy, lanes, made, true);
        } catch (Throwable failure) {
            made.close();
            throw failure;
        }
    }

    private Network network(ClosePolicy policy, LanePlan lanes, Transport chosen, boolean ownsTransport) {
        Services services = new Services(protocols.values(), handlers, requestHandlers, answeredAhead);
        NetworkSettings settings = new NetworkSettings(
                new Self(
                        peerId == null ? PeerId.random() : peerId,
                        HandshakeMsg.v1(services.protocols(), chainId, networkId)),
                new Ways(chosen, ownsTransport, nameResolver, identityExchange),
                new AtClose(policy, lanes, new PeerRules(peerWait, oneConnectionPerPeer), exitBudget),
                limits,
                services,
                Observers.of(events));
        Network made = new LocalNetwork(settings);
        if (identityExchange == IdentityExchange.plaintext()) {
            EventLog.plaintext(made.peerId(), networkId);
        }
        return made;
    }

    private static <T> T required(String what, @Nullable T given) {
        if (given == null) {
            throw new IllegalStateException("no " + what + " (expected: one by name or by object)");
        }
        return given;
    }
}
