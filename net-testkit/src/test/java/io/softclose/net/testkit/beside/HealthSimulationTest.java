/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.ConnectionStats;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.SendResult;
import io.softclose.net.connectivity.ConnectivityManager;
import io.softclose.net.connectivity.ConnectivitySettings;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.testkit.beside.Town.Citizen;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimLink;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Health checks in random worlds: who is dead is given up in time and may come back, and nobody else is given up. The system
 * properties of {@link Simulation} say which worlds; docs/testing.md has the command.
 */
class HealthSimulationTest {
    private static final long FIRST_SEED = Long.getLong(Simulation.SEED, 1);
    private static final long SEEDS = Long.getLong(Simulation.SEEDS, 50);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PROGRESS = Duration.ofSeconds(20);
    private static final int TOLERATED = 3;
    /** For tasks and timers. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** As docs/health-and-connectivity.md has it: until a peer that is gone is given up, and until its close is over. */
    private static final Duration SILENT_UNTIL =
            INTERVAL.multipliedBy(TOLERATED + 2L).plus(TIMEOUT).plus(MARGIN);

    /** As docs/health-and-connectivity.md has it: the same for one that goes on talking. */
    private static final Duration STUCK_UNTIL =
            PROGRESS.plus(INTERVAL.multipliedBy(2)).plus(MARGIN);

    /** A town, and two of its citizens who check each other's health. */
    private static final class World {
        final Random chance;
        final Town town;
        final long rate;
        final List<HealthChecker> checkers = new ArrayList<>();
        final Citizen one;
        final Citizen other;
        Connection connection;
        Connection peers;

        World(long seed) {
            chance = new Random(seed);
            town = new Town(seed);
            // So that bulk is no more than a simulation can play.
            rate = 50_000L << chance.nextInt(4);
            town.sim.conditions(SimConditions.wideArea()
                    .withLatency(upTo(Duration.ofMillis(50)))
                    .withBytesPerSecond(rate)
                    .withSegmentBytes(8 * 1024));
            one = citizen("one");
            other = citizen("other").listens(1);
            checkers.get(0).start(one.network);
            connection = one.network.dial(other.id, other.address(1));
            peers = connection;
        }

        private Citizen citizen(String name) {
            HealthChecker checker = town.closing(new HealthChecker(
                    HealthSettings.builder()
                            .interval(INTERVAL)
                            .timeout(TIMEOUT)
                            .toleratedFailures(TOLERATED)
                            .progressTimeout(PROGRESS)
                            .build(),
                    new Random(chance.nextLong())));
            UnaryOperator<NetworkBuilder> settings = builder -> {
                checker.join(builder);
                return builder.handle(Town.PROTOCOL, (connection, message) -> {})
                        .limits(Limits.builder()
                                .outboxMessages(4 + chance.nextInt(60))
                                .maxInboundConnections(1)
                                .maxHandshakes(8)
                                .build());
            };
            Citizen citizen = town.citizen(name, sockets(), settings);
            checkers.add(checker);
            return citizen;
        }

        private SimSockets sockets() {
            SimSockets sockets = SimSockets.linux()
                    .withBuffers((16 * 1024) << chance.nextInt(4), (16 * 1024) << chance.nextInt(4))
                    .withTransfers(1024 << chance.nextInt(7), chance.nextInt(3) * 0.1);
            return chance.nextBoolean() ? sockets : sockets.flushingLater(Duration.ofMillis(1 + chance.nextInt(2)));
        }

        /** The other one checks, too, and so asks. */
        void bothCheck() {
            checkers.get(1).start(other.network);
        }

        void opens() {
            town.sim.runUntil(() -> !one.connected.isEmpty() && !other.connected.isEmpty(), Duration.ofSeconds(10));
            peers = other.connected.get(0);
        }

        /** Keeps somebody's outbox full of bulk, for as long as it is open. */
        void bulk(Connection from) {
            Message bulk = Message.of(Town.PROTOCOL, 0, new byte[1 + chance.nextInt(32 * 1024)]);
            while (from.send(bulk) == SendResult.ACCEPTED) {}
            if (from.state() == ConnectionState.OPEN) {
                from.onRoom(bulk, () -> bulk(from));
            }
        }

        /** Has somebody say a little now and then. */
        void talk(Connection from) {
            town.sim.after(Duration.ofMillis(1 + chance.nextInt(500)), () -> {
                if (from.state() == ConnectionState.OPEN) {
                    SendResult unused = from.send(Message.of(Town.PROTOCOL, 0, new byte[chance.nextInt(100)]));
                    talk(from);
                }
            });
        }

        /** At most: two kernels' buffers, a batch, and what the peer holds. */
        Duration buffersFill() {
            return Duration.ofSeconds(4 * 128 * 1024 / rate + 1);
        }

        void trafficByChance(Connection from) {
            switch (chance.nextInt(3)) {
                case 0 -> bulk(from);
                case 1 -> talk(from);
                default -> {}
            }
        }

        /** To be asked for while the connection is open. */
        Ending endingOf(Connection connection) {
            return new Ending(
                    connection.closed().thenApply(report -> town.sim.now()).toCompletableFuture(), connection, town);
        }

        Duration upTo(Duration most) {
            return Duration.ofNanos((long) (chance.nextDouble() * most.toNanos()));
        }
    }

    /** When a connection ended, and when its peer last gave a sign of life. */
    private record Ending(CompletableFuture<Duration> moment, Connection connection, Town town) {
        boolean isOver() {
            return moment.isDone();
        }

        Duration at() {
            return moment.join();
        }

        DisconnectReason reason() {
            return connection.closed().toCompletableFuture().join().reason();
        }

        /** Bytes that came, or that it took. */
        Duration lastSign() {
            ConnectionStats stats = connection.stats();
            Duration heard = stats.lastHeard();
            Duration took = stats.lastProgress();
            return town.sim.now().minus(heard.compareTo(took) < 0 ? heard : took);
        }
    }

    private static void assertAtMost(Duration most, Duration actual, String what) {
        assertTrue(actual.compareTo(most) <= 0, () -> what + " at " + actual + " (expected: by " + most + ")");
    }

    private static void inRandomWorlds(Consumer<World> play) throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                World world = new World(seed);
                play.accept(world);
                world.town.end();
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    @Test
    void aPeerInABlackHoleIsGivenUpInTimeAndItsReturnIsAcceptedAtOnce() throws Exception {
        inRandomWorlds(world -> {
            Town town = world.town;
            world.bothCheck();
            world.opens();
            world.trafficByChance(world.connection);
            world.trafficByChance(world.peers);
            town.pass(world.upTo(Duration.ofSeconds(10)));

            town.sim.links().forEach(SimLink::vanish);
            // What was on its way still arrives, on a slow link for seconds; what waits in the kernel's buffers does
            // not.
            Duration lastArrival = town.sim.now().plus(world.buffersFill());
            List<Ending> endings = List.of(world.endingOf(world.connection), world.endingOf(world.peers));
            Duration documented = SILENT_UNTIL.plus(PatientPolicy.SHORT);
            town.sim.runUntil(
                    () -> endings.stream().allMatch(Ending::isOver),
                    world.buffersFill().plus(documented));

            for (Ending ending : endings) {
                assertEquals(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, ending.reason());
                assertAtMost(lastArrival, ending.lastSign(), "the last sign of life");
                assertAtMost(ending.lastSign().plus(documented), ending.at(), "the end after it");
            }
            // Its place among the inbound ones, of which there is one, is free.
            Connection back = world.one.network.dial(world.other.id, world.other.address(1));
            town.sim.runUntil(back.opened().toCompletableFuture()::isDone, Duration.ofSeconds(1));
            assertEquals(ConnectionState.OPEN, back.state());
        });
    }

    @Test
    void onlyItsOwnDeathEndsAPeerOnALinkThatIsSlowAndFullOfBulk() throws Exception {
        inRandomWorlds(world -> {
            Town town = world.town;
            long rate = 20_000L << world.chance.nextInt(4);
            SimConditions slow = SimConditions.wideArea()
                    .withSegmentBytes(4 * 1024)
                    .withBytesPerSecond(rate)
                    .withLatency(world.upTo(Duration.ofMillis(300)))
                    .withJitter(world.upTo(Duration.ofMillis(100)));
            town.sim.conditions(slow);
            if (world.chance.nextBoolean()) {
                world.bothCheck();
            }
            world.opens();
            world.bulk(world.connection);
            world.trafficByChance(world.peers);

            town.pass(Duration.ofSeconds(60));

            List<CloseReport> ended = new ArrayList<>(world.one.reports);
            ended.addAll(world.other.reports);
            assertEquals(List.of(), ended, () -> "at " + rate + " bytes/s");
            assertEquals(ConnectionState.OPEN, world.connection.state());
        });
    }

    @Test
    void aPeerWhoseApplicationIsStuckIsGivenUpInTimeThoughItTalks() throws Exception {
        inRandomWorlds(world -> {
            Town town = world.town;
            world.bothCheck();
            world.opens();
            world.trafficByChance(world.connection);
            world.talk(world.peers);
            town.pass(world.upTo(Duration.ofSeconds(5)));

            // It reads nothing any more, and knows that; what is on its way still fills the buffers in between.
            world.peers.reading(Reading.PAUSED);
            town.pass(world.buffersFill().plus(STUCK_UNTIL).plus(PatientPolicy.SHORT));

            assertEquals(ConnectionState.CLOSED, world.connection.state());
            assertEquals(
                    DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE,
                    world.connection.closed().toCompletableFuture().join().reason());
        });
    }

    @Test
    void whoeverIsGivenUpComesBackByTheConnectivityManager() throws Exception {
        inRandomWorlds(world -> {
            Town town = world.town;
            world.bothCheck();
            ConnectivityManager manager = town.closing(new ConnectivityManager(
                    world.one.network,
                    () -> Set.of(world.other.id),
                    ConnectivitySettings.defaults(),
                    new Random(world.chance.nextLong())));
            manager.addresses(world.other.id, List.of(world.other.address(1)));
            world.opens();
            manager.start();
            world.trafficByChance(world.connection);

            town.pass(world.upTo(Duration.ofSeconds(60)));
            town.sim.partition(world.one.host, world.other.host);
            town.pass(world.upTo(Duration.ofMinutes(5)));
            town.sim.heal(world.one.host, world.other.host);
            ConnectivitySettings defaults = ConnectivitySettings.defaults();
            town.pass(defaults.maxBackoff().plus(defaults.interval()).plus(Duration.ofSeconds(60)));

            assertEquals(1, world.one.open().size(), () -> "of one: " + world.one.network.connections());
            assertTrue(world.one.open().stream().allMatch(end -> end.state() == ConnectionState.OPEN));
        });
    }
}
