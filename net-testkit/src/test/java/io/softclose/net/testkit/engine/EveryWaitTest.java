/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.PeerId;
import io.softclose.net.testkit.fake.ManualEventLoop;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/**
 * All that an application can wait for, on event loops: its own and another network's. What there is to wait for is found
 * by reflection, so a stage that is new fails here until it has a row.
 */
class EveryWaitTest {
    private static final String ROOT = Connection.class.getPackageName();

    /** No API, or, with Guice, nothing that is waited for. The last three are there if all is on one class path. */
    private static final List<String> PASSED_OVER =
            List.of("engine", "wire", "log", "tls.link", "guice", "testkit", "nio", "netty");

    /** Stages of the application's or a plugin's, which the library never waits for. */
    private static final Set<String> THEIRS = Set.of(
            "AsyncMessageHandler.onMessage(Connection,Message)", "AsyncRequestHandler.onRequest(Connection,Message)");

    /** What waits for no loop, whatever thread calls it: transports have threads for that, or let another loop do it. */
    private static final Set<String> NEEDS_NO_LOOP = Set.of(
            "Listener.close()",
            "Transport.close()",
            "TlsTransport.close()",
            "ConnectivityManager.close()",
            "HealthChecker.close()",
            "FlightRecorderEvents.close()",
            "NetworkMetrics.close()");

    private static final Duration LONG = Duration.ofMinutes(1);

    @RegisterExtension
    final Node node = new Node().limits(limits -> limits.outboxMessages(1));

    @RegisterExtension
    final Node leaving = new Node();

    @RegisterExtension
    final Node other = new Node();

    /** How to get each stage while it is not complete. */
    private final Map<String, Supplier<CompletionStage<?>>> stages = new TreeMap<>(Map.ofEntries(
            entry("Connection.opened()", () -> node.dial().connection.opened()),
            entry("Connection.closed()", () -> node.connect().connection.closed()),
            entry("Connection.close()", () -> node.connect().connection.close()),
            entry(
                    "Connection.close(DisconnectReason)",
                    () -> node.connect().connection.close(DisconnectReason.STALE_CONNECTION)),
            entry(
                    "Connection.close(DisconnectReason,Duration)",
                    () -> node.connect().connection.close(DisconnectReason.STALE_CONNECTION, LONG)),
            entry("Connection.abort()", () -> node.connect().connection.abort()),
            entry(
                    "Connection.request(Message,Duration)",
                    () -> node.connect().connection.request(message("ask"), LONG)),
            entry(
                    "Connection.probe(Message,Duration)",
                    () -> node.connect().connection.probe(message("ask"), LONG)),
            entry(
                    "Peer.request(Message,Duration)",
                    () -> node.network().peer(PeerId.random()).request(message("ask"), LONG)),
            entry("Network.shutdown()", () -> leaving.network().shutdown()),
            entry("Network.shutdown(Duration)", () -> leaving.network().shutdown(LONG))));

    /** How to call what waits, at a moment when it would have to. */
    private final Map<String, Supplier<Executable>> waits = new TreeMap<>(Map.of(
            "Connection.sendBlocking(Message,Duration)",
            () -> {
                Conversation full = node.connect();
                full.link.room(0);
                full.sendAll(message("fills the lane"));
                return () -> {
                    var unused = full.connection.sendBlocking(message("waits"), LONG);
                };
            },
            "Network.close()",
            () -> leaving.network()::close));

    @Test
    void everyStageHasARow() {
        Set<String> found = named(method -> isStage(method.getReturnType()));
        found.removeAll(THEIRS);

        assertEquals(stages.keySet(), found, "stages of the API (expected: a row for each in this test)");
    }

    @Test
    void everyCallThatWaitsHasARow() {
        Set<String> found = named(method -> isInterrupted(method) || isClose(method));
        found.removeAll(NEEDS_NO_LOOP);

        assertEquals(waits.keySet(), found, "calls of the API that wait (expected: a row for each in this test)");
    }

    @Test
    void noStageIsWaitedForOnALoop() {
        other.connect();
        leaving.connect();

        stages.forEach((name, asked) -> {
            CompletionStage<?> stage = asked.get();
            assertFalse(stage.toCompletableFuture().isDone(), name);
            for (ManualEventLoop loop : loops()) {
                LoopWaitTest.assertRefused(loop, stage);
                LoopWaitTest.assertRefused(loop, stage.thenApply(done -> done));
            }
        });
    }

    @Test
    void noCallWaitsOnALoop() {
        other.connect();
        leaving.connect();

        waits.forEach((name, asked) -> {
            Executable wait = asked.get();
            for (ManualEventLoop loop : loops()) {
                loop.runNow(() -> {
                    IllegalStateException refused = assertThrows(IllegalStateException.class, wait, name);
                    String told = String.valueOf(refused.getMessage());
                    assertTrue(told.contains("(expected: "), told);
                });
            }
        });
    }

    @Test
    void aListenerIsClosedOnALoop() {
        node.connect();
        node.listener();

        node.loop.runNow(() -> node.listener().close());
    }

    private List<ManualEventLoop> loops() {
        return List.of(node.loop, leaving.loop, other.loop);
    }

    private static boolean isStage(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type);
    }

    private static boolean isInterrupted(Method method) {
        return Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class);
    }

    private static boolean isClose(Method method) {
        return method.getName().equals("close")
                && method.getParameterCount() == 0
                && method.getReturnType() == void.class
                && !method.getDeclaringClass().getName().endsWith("Link");
    }

    /** The public methods of the API that are wanted, as {@code "Type.method(Parameter,Parameter)"}. */
    private static Set<String> named(Predicate<Method> wanted) {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : api()) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && wanted.test(method)) {
                    String parameters = Stream.of(method.getParameterTypes())
                            .map(Class::getSimpleName)
                            .collect(joining(","));
                    names.add(type.getSimpleName() + "." + method.getName() + "(" + parameters + ")");
                }
            }
        }
        return names;
    }

    private static List<Class<?>> api() {
        List<Class<?>> types = new ArrayList<>();
        try {
            Path place = Path.of(
                    requireNonNull(Connection.class.getProtectionDomain().getCodeSource(), "source of the API")
                            .getLocation()
                            .toURI());
            if (Files.isDirectory(place)) {
                add(place, types);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    add(jar.getPath("/"), types);
                }
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        assertTrue(types.size() > 50, () -> "too little of the API: " + types);
        return types;
    }

    private static void add(Path root, List<Class<?>> types) throws IOException, ClassNotFoundException {
        List<String> names;
        try (Stream<Path> files = Files.walk(root.resolve(ROOT.replace('.', '/')))) {
            names = files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> PASSED_OVER.stream().noneMatch(room -> name.startsWith(ROOT + "." + room + ".")))
                    .toList();
        }
        for (String name : names) {
            Class<?> type = Class.forName(name, false, EveryWaitTest.class.getClassLoader());
            if (Modifier.isPublic(type.getModifiers())) {
                types.add(type);
            }
        }
    }
}
