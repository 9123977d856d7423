/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.testkit.sim.ledger.Ledger;
import io.softclose.net.testkit.sim.ledger.LedgerSide;
import io.softclose.net.testkit.sim.ledger.Sent;
import io.softclose.net.testkit.sim.scenario.Scenario;
import io.softclose.net.testkit.sim.scenario.UserCode;
import io.softclose.net.testkit.sim.world.SimExecutor;
import io.softclose.net.testkit.sim.world.World;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Random requests of one node, and its answers to those of others: at once, later, too late, never, or by an exception. */
final class RequestSource {
    private final World sim;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final UserCode user;
    private final Limits limits;
    private final LanePlan lanes;
    private final MessageSource messages;

    private @Nullable SimExecutor executor;
    private int asksLeft = 1_000;

    RequestSource(
            World sim,
            Ledger ledger,
            SplittableRandom random,
            UserCode user,
            Scenario scenario,
            Limits limits,
            LanePlan lanes) {
        this.sim = sim;
        this.ledger = ledger;
        this.random = random;
        this.user = user;
        this.limits = limits;
        this.lanes = lanes;
        messages = new MessageSource(random.split(), limits, scenario, UnaryOperator.identity());
    }

    /** Has some answers made in tasks of an executor. */
    void answersOn(@Nullable SimExecutor wanted) {
        executor = wanted;
    }

    /** Makes some requests; seldom more than may be in flight. */
    void burst(LedgerSide side) {
        for (int left = 1 + random.nextInt(random.nextInt(8) == 0 ? 150 : 12); left > 0; left--) {
            ask(side);
        }
    }

    private void ask(LedgerSide side) {
        if (asksLeft == 0 || side.closed()) {
            return;
        }
        asksLeft--;
        Message request = messages.lasting(side);
        Sent one = side.requests().asking(request, laneOf(request), streamed(request));
        Duration timeout = timeout();
        long dueAt = side.now() + timeout.toNanos();
        Reply reply = side.connection().request(request, timeout);
        if (reply.toCompletableFuture().isCompletedExceptionally()) {
            return;
        }
        side.requests().accepted(one);
        reply.whenComplete((answer, failure) -> {
            user.takesTime();
            if (answer != null) {
                side.requests().answered(one, answer, ledger.peerOf(side));
            } else if (failure instanceof RequestException why) {
                side.requests().failed(one, why, dueAt);
            } else {
                side.requests().cancelled(one);
            }
            if (random.nextInt(20) == 0) {
                ask(side);
            }
        });
        if (random.nextInt(12) == 0) {
            sim.after(some(Duration.ofMillis(60)), reply::cancel);
        }
    }

    /** Takes a request of a peer's. */
    CompletionStage<Message> answer(Connection connection, Message request) {
        user.takesTime();
        ledger.handled(connection, request);
        LedgerSide side = ledger.sideOf(connection);
        LedgerSide asker = side == null ? null : ledger.peerOf(side);
        CompletableFuture<Message> stage = new CompletableFuture<>();
        if (side == null) {
            return stage;
        }
        Sent asked = asker == null ? null : asker.requests().find(request);
        SimExecutor elsewhere = executor;
        if (elsewhere != null && random.nextInt(3) == 0) {
            giveOn(elsewhere, side, asked, stage);
            return stage;
        }
        switch (random.nextInt(20)) {
            case 0 -> {
                ended(side, asked, false);
                user.fail();
            }
            case 1 -> sim.after(some(Duration.ofMillis(30)), () -> failLater(side, asked, stage));
            case 2 ->
                sim.after(Duration.ofSeconds(9).plus(some(Duration.ofSeconds(2))), () -> give(side, asked, stage));
            case 3 -> sim.note(side.link().name() + " leaves a request without an answer");
            case 4, 5, 6, 7, 8, 9, 10 -> sim.after(some(Duration.ofMillis(200)), () -> give(side, asked, stage));
            default -> {
                Message answer = messages.lasting(side);
                Sent one = side.requests().answering(answer, laneOf(answer), streamed(answer));
                stage.complete(answer);
                ended(side, asked, true);
                side.requests().given(one, asked, true);
            }
        }
        return stage;
    }

    private void giveOn(
            SimExecutor elsewhere, LedgerSide side, @Nullable Sent asked, CompletableFuture<Message> stage) {
        try {
            elsewhere.execute(() -> {
                elsewhere.block(some(Duration.ofMillis(random.nextInt(40) == 0 ? 12_000 : 20)));
                give(side, asked, stage);
            });
        } catch (RejectedExecutionException full) {
            ended(side, asked, false);
            stage.completeExceptionally(full);
        }
    }

    private void failLater(LedgerSide side, @Nullable Sent asked, CompletableFuture<Message> stage) {
        try {
            user.fail();
        } catch (Throwable failure) {
            ended(side, asked, false);
            stage.completeExceptionally(failure);
        }
    }

    private void give(LedgerSide side, @Nullable Sent asked, CompletableFuture<Message> stage) {
        Message answer = messages.lasting(side);
        if (!side.closed()) {
            Sent one = side.requests().answering(answer, laneOf(answer), streamed(answer));
            side.requests().given(one, asked, false);
        }
        ended(side, asked, true);
        stage.complete(answer);
    }

    /** The handler of a request has come to its end. */
    private static void ended(LedgerSide side, @Nullable Sent asked, boolean withAnswer) {
        if (asked != null) {
            side.handlers().answered(asked, withAnswer);
        }
    }

    private int laneOf(Message message) {
        return lanes.classifier().laneOf(message);
    }

    private boolean streamed(Message message) {
        return message.size() > lanes.wholeSize(laneOf(message), limits);
    }

    private Duration timeout() {
        return random.nextInt(4) == 0 ? some(Duration.ofMillis(100)) : Duration.ofSeconds(1 + random.nextInt(12));
    }

    /** Longer than zero. */
    private Duration some(Duration most) {
        return Duration.ofNanos(1 + random.nextLong(most.toNanos()));
    }
}
