/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.Stage;
import com.google.inject.name.Names;
import io.softclose.net.AsyncMessageHandler;
import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.Network;
import io.softclose.net.PeerId;
import io.softclose.net.ProtocolId;
import io.softclose.net.RequestHandler;
import io.softclose.net.guice.Plugins.PatientPolicyModule;
import io.softclose.net.guice.Plugins.PipeTransportModule;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that Guice makes, and what they are made of. */
class NetworkModuleTest {
    private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final PeerId self = PeerId.random();
    private final List<Transport> made = new ArrayList<>();

    @Test
    void aNetworkIsMadeOfItsModules() {
        Injector injector = Guice.createInjector(
                new NetworkModule(network().with(built -> built.peerId(self))),
                new PipeTransportModule(),
                new PatientPolicyModule());

        Network network = injector.getInstance(Network.class);

        assertEquals(self, network.peerId());
        assertSame(network, injector.getInstance(Network.class));
    }

    @Test
    void aModuleServesManyInjectorsEachWithItsOwnNetwork() {
        Module[] modules = {network().build(), new PipeTransportModule(), new PatientPolicyModule()};

        Network one = Guice.createInjector(modules).getInstance(Network.class);
        Network other = Guice.createInjector(modules).getInstance(Network.class);

        assertNotEquals(one.peerId(), other.peerId());
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DEVELOPMENT", "PRODUCTION"})
    void injectionMakesNoTransport(Stage stage) throws Exception {
        Network network = Guice.createInjector(
                        stage,
                        network().build(),
                        new PipeTransportModule(this::makeTransport),
                        new PatientPolicyModule())
                .getInstance(Network.class);
        assertEquals(List.of(), made);

        network.listen(address);

        assertEquals(1, made.size());
        verify(made.get(0)).listen(any(), any());
    }

    @Test
    void shutdownClosesTheTransportThatTheNetworkMade() throws Exception {
        Network network = injected(new PipeTransportModule(this::makeTransport));
        network.listen(address);

        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);

        verify(made.get(0)).close();
    }

    @Test
    void shutdownOfANetworkThatWasNeverUsedMakesNoTransport() throws Exception {
        Network network = injected(new PipeTransportModule(this::makeTransport));

        network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertEquals(List.of(), made);
    }

    @Test
    void aTransportPassedAsAnObjectStaysItsOwnersToClose() throws Exception {
        Transport shared = mock(Transport.class);
        when(shared.name()).thenReturn("shared");
        when(shared.listen(any(), any())).thenReturn(mock(Transport.Listener.class));
        Injector injector = Guice.createInjector(
                network().name("validator").transport(shared).build(),
                network().name("public").transport(shared).build(),
                new PatientPolicyModule());

        for (String name : List.of("validator", "public")) {
            Network network = injector.getInstance(Key.get(Network.class, Names.named(name)));
            network.listen(address);
            network.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }

        verify(shared, never()).close();
    }

    @Test
    void aModuleForAllGivesEachNetworkATransportOfItsOwn() throws Exception {
        Injector injector = Guice.createInjector(
                network().name("validator").build(),
                network().name("public").build(),
                new PipeTransportModule(this::makeTransport),
                new PatientPolicyModule());

        for (String name : List.of("validator", "public")) {
            injector.getInstance(Key.get(Network.class, Names.named(name))).listen(address);
        }

        assertEquals(2, made.size());
        assertNotSame(made.get(0), made.get(1));
    }

    @Test
    void whatIsForANetworkComesBeforeWhatIsForAll() {
        Limits limits = Limits.builder().outboxMessages(7).build();
        ClosePolicy forAll = Plugins.policy("for all");
        ClosePolicy forValidator = Plugins.policy("for validator");
        Injector injector = Guice.createInjector(
                network().name("validator").with(built -> built.limits(limits)).build(),
                network().name("public").build(),
                new PipeTransportModule(),
                new PatientPolicyModule(forAll),
                new PatientPolicyModule(forValidator).forNetwork("validator"));

        injector.getInstance(Key.get(Network.class, Names.named("validator")));
        verify(forValidator).lanes(limits);
        verify(forAll, never()).lanes(any());

        injector.getInstance(Key.get(Network.class, Names.named("public")));
        verify(forAll).lanes(Limits.defaults());
    }

    @Test
    void aNetworksOwnChoiceComesBeforeWhatIsForAll() {
        ClosePolicy own = Plugins.policy("own");
        ClosePolicy forAll = Plugins.policy("for all");

        Guice.createInjector(
                        network().name("validator").closePolicy(own).build(),
                        new PipeTransportModule(),
                        new PatientPolicyModule(forAll))
                .getInstance(Key.get(Network.class, Names.named("validator")));

        verify(own, atLeastOnce()).lanes(any());
        verify(forAll, never()).lanes(any());
    }

    @Test
    void aHandlerIsMadeWithTheNetworkAndCanReachIt() {
        Replies replies = new Replies();
        Injector injector = Guice.createInjector(
                NetworkModule.builder()
                        .handle(ProtocolId.MEMPOOL_DIRECT_SEND, Replying.class)
                        .build(),
                new PipeTransportModule(),
                new PatientPolicyModule(),
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Replies.class).toInstance(replies);
                    }
                });
        assertEquals(List.of(), replies.handlers);

        Network network = injector.getInstance(Network.class);

        assertEquals(1, replies.handlers.size());
        assertSame(network, replies.handlers.get(0).network.get());
    }

    @Test
    void handlersOfRequestsAreMadeWithTheNetwork() {
        Answers answers = new Answers();
        Injector injector = Guice.createInjector(
                NetworkModule.builder()
                        .answer(ProtocolId.HEALTH_CHECKER_RPC, Answering.class)
                        .answerLater(ProtocolId.MEMPOOL_RPC, AnsweringLater.class)
                        .build(),
                new PipeTransportModule(),
                new PatientPolicyModule(),
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Answers.class).toInstance(answers);
                    }
                });
        assertEquals(0, answers.handlers);

        injector.getInstance(Network.class);

        assertEquals(2, answers.handlers);
    }

    @Test
    void handlersOffTheLoopAndTheirExecutorAreMadeWithTheNetwork() {
        Answers answers = new Answers();
        Key<Executor> disk = Key.get(Executor.class, Names.named("disk"));
        int[] executors = new int[1];
        Injector injector = Guice.createInjector(
                NetworkModule.builder()
                        .handle(ProtocolId.MEMPOOL_DIRECT_SEND, Storing.class, disk)
                        .handleAsync(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, StoringLater.class)
                        .answer(ProtocolId.HEALTH_CHECKER_RPC, Answering.class, disk)
                        .build(),
                new PipeTransportModule(),
                new PatientPolicyModule(),
                new AbstractModule() {
                    @Override
                    protected void configure() {
                        bind(Answers.class).toInstance(answers);
                        bind(disk).toProvider(() -> {
                            executors[0]++;
                            return Runnable::run;
                        });
                    }
                });
        assertEquals(0, answers.handlers);

        injector.getInstance(Network.class);

        assertEquals(3, answers.handlers);
        assertEquals(2, executors[0], "one for each of the two that were given it");
    }

    @Test
    void anExecutorThatGuiceDoesNotHaveFailsTheInjector() {
        NetworkModule module = NetworkModule.builder()
                .answer(ProtocolId.HEALTH_CHECKER_RPC, Answering.class, Key.get(Executor.class, Names.named("missing")))
                .build();

        CreationException thrown = assertThrows(
                CreationException.class,
                () -> Guice.createInjector(module, new PipeTransportModule(), new PatientPolicyModule()));

        assertTrue(String.valueOf(thrown.getMessage()).contains("missing"), thrown::toString);
    }

    private Network injected(Module transport) {
        return Guice.createInjector(network().build(), transport, new PatientPolicyModule())
                .getInstance(Network.class);
    }

    private Transport makeTransport() {
        Transport transport = mock(Transport.class);
        try {
            when(transport.listen(any(), any())).thenReturn(mock(Transport.Listener.class));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        made.add(transport);
        return transport;
    }

    private static NetworkModule.Builder network() {
        return NetworkModule.builder().support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }

    /** How many handlers were made. */
    public static final class Answers {
        private int handlers;
    }

    /** Answers at once. */
    public static final class Answering implements RequestHandler {
        /** For Guice. */
        @Inject
        public Answering(Answers answers) {
            answers.handlers++;
        }

        @Override
        public Message onRequest(Connection connection, Message request) {
            return request;
        }
    }

    /** Takes its time. */
    public static final class Storing implements MessageHandler {
        /** For Guice. */
        @Inject
        public Storing(Answers answers) {
            answers.handlers++;
        }

        @Override
        public void onMessage(Connection connection, Message message) {}
    }

    /** Says by a stage when it is done. */
    public static final class StoringLater implements AsyncMessageHandler {
        /** For Guice. */
        @Inject
        public StoringLater(Answers answers) {
            answers.handlers++;
        }

        @Override
        public CompletionStage<?> onMessage(Connection connection, Message message) {
            return CompletableFuture.completedFuture(message);
        }
    }

    /** Answers in its own time. */
    public static final class AnsweringLater implements AsyncRequestHandler {
        /** For Guice. */
        @Inject
        public AnsweringLater(Answers answers) {
            answers.handlers++;
        }

        @Override
        public CompletionStage<Message> onRequest(Connection connection, Message request) {
            return CompletableFuture.completedFuture(request);
        }
    }

    /** The handlers that were made. */
    public static final class Replies {
        private final List<Replying> handlers = new ArrayList<>();
    }

    /** A handler that needs the network it belongs to. */
    public static final class Replying implements MessageHandler {
        private final Provider<Network> network;

        /** For Guice. */
        @Inject
        public Replying(Provider<Network> network, Replies replies) {
            this.network = network;
            replies.handlers.add(this);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            network.get().connections();
        }
    }
}
