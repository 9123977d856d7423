/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.testkit.sim.ledger.Ledger;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.Sent;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.scenario.UserCode;
import io.softclose.net.testkit.sim.world.SimExecutor;
import io.softclose.net.testkit.sim.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one node handles messages: on the loop, or, in some nodes, some protocols on an executor, where handlers may block,
 * and some as stages that complete at once, later, by an exception, or never.
 */
final class MessageHandlers {
    /** In how many of a hundred nodes some handlers are off the loop. */
    private static final int OFF_LOOP_PERCENT = 30;

    private static final int[] MOST_MESSAGES = {1, 2, 5, 20, 256};
    private static final int[] MOST_BYTES = {1, 1_000, 20_000, 4 << 20};
    private static final int[] CAPACITY = {1, 2, 10, 1_000};

    private final World sim;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final UserCode user;
    private final Consumer<LedgerSide> reaction;
    private final boolean offLoop;
    /** Whether some stages never complete. */
    private final boolean forgetful;
    /** How long a handler takes at most, but for a few that take much longer. */
    private final Duration mostTime;

    private final SimExecutor executor;
    private final List<ProtocolId> executed = new ArrayList<>();
    private final List<ProtocolId> staged = new ArrayList<>();

    /**
     * The handlers of a node that is not made yet.
     *
     * @param reaction what the application does in a handler besides; it may throw
     */
    MessageHandlers(
            World sim, Ledger ledger, SplittableRandom random, UserCode user, Consumer<@Nullable LedgerSide> reaction) {
        this.sim = sim;
        this.ledger = ledger;
        this.random = random;
        this.user = user;
        this.reaction = reaction;
        offLoop = random.nextInt(100) < OFF_LOOP_PERCENT;
        forgetful = random.nextInt(4) == 0;
        mostTime = Duration.ofMillis(random.nextBoolean() ? 2 : 200);
        executor = new SimExecutor(
                sim,
                random.split(),
                1 + random.nextInt(3),
                one(CAPACITY),
                Duration.ofNanos(1 + random.nextLong(2_000_000)));
    }

    /** Bounds what may be with handlers off the loop. */
    Limits.Builder bounding(Limits.Builder limits) {
        return offLoop ? limits.handlerMessages(one(MOST_MESSAGES)).handlerBytes(one(MOST_BYTES)) : limits;
    }

    void install(NetworkBuilder builder) {
        for (ProtocolId protocol : MessageSource.PROTOCOLS) {
            int kind = offLoop ? random.nextInt(5) : 0;
            if (kind == 0) {
                builder.handle(protocol, this::onLoop);
            } else if (kind < 3) {
                executed.add(protocol);
                builder.handle(protocol, this::onExecutor, executor);
            } else {
                staged.add(protocol);
                builder.handleAsync(protocol, this::inStages);
            }
        }
    }

    /** A connection has opened whose messages come here. */
    void opened(LedgerSide side) {
        executed.forEach(side.handlers()::offLoop);
        staged.forEach(side.handlers()::offLoop);
    }

    /** Where answers are made in some nodes; null if on the loop or by themselves. */
    @Nullable
    SimExecutor answering() {
        return offLoop ? executor : null;
    }

    private void onLoop(Connection connection, Message message) {
        user.takesTime();
        ledger.handled(connection, message);
        reaction.accept(ledger.sideOf(connection));
    }

    private void onExecutor(Connection connection, Message message) {
        Sent one = ledger.handled(connection, message);
        LedgerSide side = ledger.sideOf(connection);
        try {
            if (random.nextInt(3) == 0) {
                executor.block(time());
            }
            reaction.accept(side);
        } finally {
            done(side, one);
            if (executor.refusals() > 0 && side != null) {
                side.rare().add(RareState.EXECUTOR_REFUSED);
            }
        }
    }

    private CompletionStage<Void> inStages(Connection connection, Message message) {
        user.takesTime();
        Sent one = ledger.handled(connection, message);
        LedgerSide side = ledger.sideOf(connection);
        CompletableFuture<Void> stage = new CompletableFuture<>();
        switch (random.nextInt(forgetful ? 200 : 6)) {
            case 0 -> complete(side, one, stage, null);
            case 1 -> {
                done(side, one);
                user.fail();
            }
            case 2 -> sim.after(time(), () -> failLater(side, one, stage));
            case 199 -> sim.note("a stage is forgotten: " + one);
            default -> sim.after(time(), () -> complete(side, one, stage, null));
        }
        return stage;
    }

    private void failLater(@Nullable LedgerSide side, @Nullable Sent one, CompletableFuture<Void> stage) {
        try {
            user.fail();
        } catch (Throwable failure) {
            complete(side, one, stage, failure);
        }
    }

    private static void complete(
            @Nullable LedgerSide side, @Nullable Sent one, CompletableFuture<Void> stage, @Nullable Throwable failure) {
        done(side, one);
        if (failure == null) {
            stage.complete(null);
        } else {
            stage.completeExceptionally(failure);
        }
    }

    private static void done(@Nullable LedgerSide side, @Nullable Sent one) {
        if (side != null && one != null) {
            side.handlers().done(one);
        }
    }

    /** Longer than zero; now and then longer than any close may take. */
    private Duration time() {
        Duration most = random.nextInt(60) == 0 ? Duration.ofSeconds(12) : mostTime;
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }

    private int one(int[] of) {
        return of[random.nextInt(of.length)];
    }
}
