/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.health;

import static java.util.Objects.requireNonNull;

import io.softclose.net.Connection;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkException;
import io.softclose.net.ProtocolId;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import io.softclose.net.health.HealthCheckerMsg.Kind;
import io.softclose.net.spi.Scheduler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which peers are alive, and closes the connections of those that are not, as {@link
 * DisconnectReason#NETWORK_HEALTH_CHECK_FAILURE}, which drains for a short time only. Every {@link HealthSettings#interval} it asks
 * the peer of each open connection that speaks {@link ProtocolId#HEALTH_CHECKER_RPC}, as AptosNet does; questions and answers go before all
 * that waits. A peer is given up
 *
 * <ul>
 *   <li>after more than {@link HealthSettings#toleratedFailures} failures in a row: no answer in time, or a wrong one;
 *   <li>if it takes nothing for {@link HealthSettings#progressTimeout}, whatever it sends.
 * </ul>
 *
 * <p>A connection that does not read, because the application pauses it or its handlers are full, is not failed for what it
 * cannot hear.
 *
 * <p>It {@linkplain #join joins} a network that is being built, so that its peers are answered, and {@linkplain #start starts} with it.
 * Thread-safe; it works in tasks of {@link Network#scheduler}. What it does is logged: at WARNING that a peer is given up and why.
 */
public final class HealthChecker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.softclose.net");

    private final HealthSettings settings;
    private final RandomGenerator random;

    // Shared.
    private final Map<Connection, Checkup> checkups = new ConcurrentHashMap<>();
    private volatile @Nullable Network network;
    private volatile boolean closed;

    // Confined to the scheduler's tasks.
    private Scheduler.@Nullable Timer next;

    /** A checker that does nothing before its {@link #start}. */
    public HealthChecker(HealthSettings settings) {
        this(settings, new Random());
    }

    /**
     * As {@link #HealthChecker(HealthSettings)}.
     *
     * @param random makes the nonces; used by one thread at a time
     */
    public HealthChecker(HealthSettings settings, RandomGenerator random) {
        this.settings = requireNonNull(settings, "settings");
        this.random = requireNonNull(random, "random");
    }

    /** Has a network answer its peers' health checks, and do no more. A question that is none is an error of its handler's. */
    public static void answer(NetworkBuilder network) {
        network.answerProbes(ProtocolId.HEALTH_CHECKER_RPC, (connection, request) -> pongTo(request));
    }

    /** As {@link #answer}, and the peers' questions count as signs of life. For one network, which is then given to {@link #start}. */
    public void join(NetworkBuilder joined) {
        joined.answerProbes(ProtocolId.HEALTH_CHECKER_RPC, (connection, request) -> {
            Message pong = pongTo(request);
            Checkup checkup = checkups.get(connection);
            Network started = network;
            if (checkup != null && started != null) {
                checkup.pinged(started.scheduler().nanoTime());
            }
            return pong;
        });
    }

    private static Message pongTo(Message request) {
        return HealthCheckerMsg.of(request)
                .filter(question -> question.kind() == Kind.PING)
                .map(ping -> new HealthCheckerMsg(Kind.PONG, ping.nonce()).message())
                .orElseThrow(() -> new IllegalArgumentException(
                        "health check: " + HealthCheckerMsg.describe(request) + " (expected: a ping)"));
    }

    /**
     * Checks this network's connections from now on; for the first time after an interval.
     *
     * @throws IllegalStateException if it was started before
     * @throws NetworkException if the network has been shut down
     */
    public void start(Network checked) {
        synchronized (checkups) {
            if (network != null) {
                throw new IllegalStateException("start: called again (expected: once)");
            }
            network = requireNonNull(checked, "checked");
        }
        Scheduler scheduler = checked.scheduler();
        scheduler.schedule(0, () -> again(checked, scheduler));
    }

    /** Checks nothing more. Idempotent. A network that shuts down ends it, too: with its next look, after an interval at most. */
    @Override
    public void close() {
        closed = true;
        Network started = network;
        if (started == null) {
            return;
        }
        try {
            started.scheduler().schedule(0, this::stop);
        } catch (RejectedExecutionException stopped) {
            // No task of ours runs any more.
        }
    }

    private void stop() {
        if (next != null) {
            next.cancel();
        }
        checkups.values().forEach(Checkup::end);
        checkups.clear();
    }

    private void again(Network checked, Scheduler scheduler) {
        if (checked.closing()) {
            closed = true;
            stop();
        }
        if (!closed) {
            next = scheduler.schedule(settings.interval().toNanos(), () -> {
                try {
                    check(checked, scheduler);
                } finally {
                    again(checked, scheduler);
                }
            });
        }
    }

    private void check(Network checked, Scheduler scheduler) {
        long now = scheduler.nanoTime();
        Set<Connection> open = new HashSet<>();
        for (Connection connection : checked.connections()) {
            if (connection.state() == ConnectionState.OPEN) {
                open.add(connection);
                Checkup checkup = checkups.computeIfAbsent(connection, added -> new Checkup(settings, now));
                check(connection, checkup, scheduler);
            }
        }
        checkups.forEach((connection, checkup) -> {
            if (!open.contains(connection)) {
                checkup.end();
                checkups.remove(connection);
            }
        });
    }

    private void check(Connection connection, Checkup checkup, Scheduler scheduler) {
        long now = scheduler.nanoTime();
        boolean asks = connection.protocols().contains(ProtocolId.HEALTH_CHECKER_RPC);
        Optional<String> stuck = checkup.stuck(connection.stats(), asks, now);
        if (stuck.isPresent()) {
            giveUp(connection, stuck.get());
        } else if (asks) {
            ask(connection, checkup, new Question(random.nextInt(), now, checkup.wantsPatience()), scheduler);
        }
    }

    /**
     * What was asked. One question at a time is patient: its answer is awaited for much longer than it may take, because a late one
     * shows that the peer takes what it is sent.
     *
     * @param askedAt on the scheduler's clock
     */
    private record Question(int nonce, long askedAt, boolean patient) {}

    private void ask(Connection connection, Checkup checkup, Question question, Scheduler scheduler) {
        Message ping = new HealthCheckerMsg(Kind.PING, question.nonce).message();
        Duration patience = question.patient ? settings.progressTimeout() : settings.timeout();
        if (question.patient) {
            checkup.patientUntil(
                    scheduler.schedule(settings.timeout().toNanos(), () -> judgeLate(connection, question)));
        }
        var unused = connection
                .probe(ping, patience)
                .whenComplete(
                        (answer, failure) -> later(scheduler, () -> judge(connection, answer, failure, question)));
    }

    private static void later(Scheduler scheduler, Runnable task) {
        try {
            scheduler.schedule(0, task);
        } catch (RejectedExecutionException stopped) {
            // Its transport is closed, and so are the connections.
        }
    }

    /** A patient question's answer is not there when it should be. */
    private void judgeLate(Connection connection, Question question) {
        judged(connection, (checkup, now) -> {
            checkup.patienceNeeded();
            return checkup.unanswered(question.askedAt, now, connection.stats());
        });
    }

    private void judge(
            Connection connection, @Nullable Message answer, @Nullable Throwable failure, Question question) {
        judged(connection, (checkup, now) -> {
            boolean late = question.patient && checkup.patienceOver();
            if (answer == null) {
                return late ? Optional.empty() : unanswered(connection, checkup, question.askedAt, now, failure);
            }
            if (!isPongTo(question, answer)) {
                return checkup.failed("a wrong answer, " + HealthCheckerMsg.describe(answer)
                        + " (expected: a pong with nonce " + Integer.toUnsignedString(question.nonce) + ")");
            }
            if (late) {
                checkup.took(now);
            } else {
                checkup.answered(question.askedAt, now);
            }
            return Optional.empty();
        });
    }

    /** What follows for a connection that is checked still: why it is given up, if it is. */
    private interface Judgement {
        Optional<String> of(Checkup checkup, long now);
    }

    private void judged(Connection connection, Judgement judgement) {
        Checkup checkup = checkups.get(connection);
        Network checked = network;
        if (!closed && checkup != null && checked != null && connection.state() == ConnectionState.OPEN) {
            judgement.of(checkup, checked.scheduler().nanoTime()).ifPresent(why -> giveUp(connection, why));
        }
    }

    private static boolean isPongTo(Question question, Message answer) {
        return HealthCheckerMsg.of(answer).equals(Optional.of(new HealthCheckerMsg(Kind.PONG, question.nonce)));
    }

    private static Optional<String> unanswered(
            Connection connection, Checkup checkup, long askedAt, long now, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (!(cause instanceof RequestException told)) {
            return Optional.empty();
        }
        if (told.failure() == Failure.TIMED_OUT) {
            return checkup.unanswered(askedAt, now, connection.stats());
        }
        // Refused or ended otherwise, it was not for the peer to answer.
        return told.failure() == Failure.NOT_SUPPORTED
                ? checkup.failed(String.valueOf(told.getMessage()))
                : Optional.empty();
    }

    private static void giveUp(Connection connection, String why) {
        var unused = connection.close(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE);
        LOG.log(Level.WARNING, "{0}: closes by its health check: {1}", connection, why);
    }
}
