/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.beside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Connection;
import io.softclose.net.Connection.Reading;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Message;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.SendResult;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.testkit.beside.Town.Citizen;
import io.softclose.net.testkit.sim.SimLink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which peers are taken for alive: AptosNet's own cases, and some of ours. */
class HealthCheckerTest {
    private static final ProtocolId HEALTH = ProtocolId.HEALTH_CHECKER_RPC;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(10);
    /** Until a peer that has fallen silent is given up, by the defaults. */
    private static final Duration GIVEN_UP = INTERVAL.multipliedBy(4).plus(TIMEOUT);

    /** How a peer answers a question. */
    private enum Answer {
        WELL,
        WITH_ANOTHER_NONCE,
        WITH_A_PING,
        WITH_NOTHING_LIKE_IT,
        NEVER
    }

    @RegisterExtension
    final Town town = new Town(7);

    /** What is to be answered; then, and if it is empty, {@link #usually}. */
    private final Deque<Answer> answers = new ArrayDeque<>();

    private Answer usually = Answer.WELL;
    private final List<byte[]> questions = new ArrayList<>();

    private HealthChecker checker = new HealthChecker(HealthSettings.defaults());

    /** A connection of a node that checks with one that answers as it is told. */
    private Connection connect(HealthSettings settings) {
        return connect(settings, builder -> builder.answerLater(HEALTH, (connection, request) -> answer(request)));
    }

    private Connection connect(HealthSettings settings, UnaryOperator<NetworkBuilder> theirs) {
        checker = town.closing(new HealthChecker(settings, new Random(5)));
        Citizen us = town.citizen("us", builder -> {
            checker.join(builder);
            return builder;
        });
        Citizen them = town.citizen("them", theirs).listens(1);
        Connection connection = us.network.dial(them.id, them.address(1));
        town.sim.runUntil(connection.opened().toCompletableFuture()::isDone, Duration.ofSeconds(1));
        town.pass(MOMENT);
        checker.start(us.network);
        return connection;
    }

    private static HealthSettings.Builder strict() {
        return HealthSettings.builder().trafficCounts(false);
    }

    private CompletableFuture<Message> answer(Message request) {
        byte[] payload = bytesOf(request);
        questions.add(payload);
        Answer next = answers.isEmpty() ? usually : answers.remove();
        if (next == Answer.NEVER) {
            return new CompletableFuture<>();
        }
        byte[] answered = payload.clone();
        answered[0] = (byte) (next == Answer.WITH_A_PING ? 0 : 1);
        answered[1] += (byte) (next == Answer.WITH_ANOTHER_NONCE ? 1 : 0);
        return CompletableFuture.completedFuture(
                request.withPayload(next == Answer.WITH_NOTHING_LIKE_IT ? new byte[0] : answered));
    }

    private static void assertOpen(Connection connection) {
        assertEquals(ConnectionState.OPEN, connection.state());
    }

    private void assertGivenUp(Connection connection) {
        assertEquals(DisconnectReason.NETWORK_HEALTH_CHECK_FAILURE, report(connection));
    }

    private DisconnectReason report(Connection connection) {
        assertTrue(connection.state().closing(), () -> "state: " + connection.state());
        town.pass(PatientPolicy.SHORT.multipliedBy(2));
        return connection.closed().toCompletableFuture().join().reason();
    }

    // Questions and answers.

    @Test
    void aPeerIsAskedEachIntervalWithAnotherNonce() {
        Connection connection = connect(HealthSettings.defaults());

        town.pass(INTERVAL.multipliedBy(3).plus(MOMENT));

        assertEquals(3, questions.size());
        for (byte[] question : questions) {
            assertEquals(5, question.length);
            assertEquals(0, question[0]);
        }
        assertEquals(3, questions.stream().map(Arrays::toString).distinct().count());
        assertEquals(3, connection.stats().probes().answered());
    }

    @Test
    void aPeerThatAnswersIsAliveHoweverSeldomItIsAsked() {
        Duration seldom = HealthSettings.defaults().progressTimeout().plusMinutes(1);
        Connection connection =
                connect(HealthSettings.builder().interval(seldom).build());

        town.pass(seldom.multipliedBy(5).plus(MOMENT));

        assertEquals(5, questions.size());
        assertOpen(connection);
    }

    @Test
    void aQuestionOfThePeersIsAnsweredWithItsNonce() {
        Connection connection = connect(HealthSettings.defaults(), builder -> {
            HealthChecker.answer(builder);
            return builder;
        });
        Reply reply = connection.probe(Message.of(HEALTH, 0, new byte[] {0, 1, 2, 3, 4}), TIMEOUT);

        town.pass(MOMENT);

        assertArrayEquals(
                new byte[] {1, 1, 2, 3, 4}, bytesOf(reply.toCompletableFuture().join()));
    }

    private static byte[] bytesOf(Message message) {
        byte[] bytes = new byte[message.size()];
        message.copyPayload(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    @Test
    void aPeerThatDoesNotSpeakTheProtocolIsNotAsked() {
        Connection connection = connect(strict().build(), builder -> builder);

        town.pass(Duration.ofMinutes(10));

        assertOpen(connection);
        assertEquals(0, connection.stats().probes().made());
    }

    // Failures in a row.

    @Test
    void aPeerThatNeverAnswersIsGivenUpAfterTheFailuresThatAreTolerated() {
        usually = Answer.NEVER;
        Connection connection = connect(strict().build());

        town.pass(GIVEN_UP.minus(MOMENT));
        assertOpen(connection);
        town.pass(MOMENT.multipliedBy(10));

        assertGivenUp(connection);
    }

    @Test
    void withNoneToleratedTheFirstFailureEndsIt() {
        usually = Answer.NEVER;
        Connection connection = connect(strict().toleratedFailures(0).build());

        town.pass(INTERVAL.plus(TIMEOUT).minus(MOMENT));
        assertOpen(connection);
        town.pass(MOMENT.multipliedBy(10));

        assertGivenUp(connection);
    }

    @Test
    void aGoodAnswerHasAllFailuresForgotten() {
        usually = Answer.NEVER;
        Connection connection = connect(strict().timeout(Duration.ofSeconds(5)).build());
        for (int round = 0; round < 5; round++) {
            answers.addAll(List.of(Answer.NEVER, Answer.NEVER, Answer.NEVER, Answer.WELL));
        }

        town.pass(INTERVAL.multipliedBy(20).plus(Duration.ofSeconds(6)));
        assertOpen(connection);
        town.pass(INTERVAL.multipliedBy(4));

        assertGivenUp(connection);
    }

    @Test
    void anAnswerThatIsWrongIsAFailureWhateverElseComes() {
        for (Answer wrong : List.of(Answer.WITH_ANOTHER_NONCE, Answer.WITH_A_PING, Answer.WITH_NOTHING_LIKE_IT)) {
            usually = wrong;
            Connection connection = connectAgain(wrong.name());
            town.pass(INTERVAL.multipliedBy(4).minus(MOMENT));
            assertOpen(connection);
            town.pass(MOMENT.multipliedBy(10));
            assertGivenUp(connection);
        }
    }

    private Connection connectAgain(String name) {
        HealthChecker another = town.closing(new HealthChecker(HealthSettings.defaults(), new Random(5)));
        Citizen us = town.citizen("us" + name, builder -> {
            another.join(builder);
            return builder;
        });
        Citizen them = town.citizen(
                        "them" + name, builder -> builder.answerLater(HEALTH, (c, request) -> answer(request)))
                .listens(1);
        Connection connection = us.network.dial(them.id, them.address(1));
        town.sim.runUntil(connection.opened().toCompletableFuture()::isDone, Duration.ofSeconds(1));
        another.start(us.network);
        return connection;
    }

    @Test
    void aPeerThatTakesNoQuestionsOfAProtocolItOffersFails() {
        Connection connection = connect(HealthSettings.defaults(), builder -> builder.support(HEALTH));

        town.pass(INTERVAL.multipliedBy(4).plus(MOMENT));

        assertGivenUp(connection);
    }

    @Test
    void aQuestionOfThePeersHasFailuresForgotten() {
        usually = Answer.NEVER;
        Connection connection = connect(strict().progressTimeout(Duration.ZERO).build());
        Connection theirs = town.peerOf(connection);
        for (int i = 1; i <= 20; i++) {
            town.sim.after(INTERVAL.multipliedBy(i).plusSeconds(1), () -> {
                var unused = theirs.probe(Message.of(HEALTH, 0, new byte[5]), TIMEOUT);
            });
        }

        town.pass(INTERVAL.multipliedBy(20));
        assertOpen(connection);
        town.pass(GIVEN_UP.plus(TIMEOUT));

        assertGivenUp(connection);
    }

    // Signs of life, and that something is taken.

    @Test
    void aPeerThatTalksIsAliveThoughItsAnswersAreLate() {
        usually = Answer.NEVER;
        Connection connection =
                connect(HealthSettings.builder().progressTimeout(Duration.ZERO).build());
        theyTalkFor(connection, Duration.ofMinutes(10));

        town.pass(Duration.ofMinutes(10));

        assertOpen(connection);
    }

    @Test
    void aPeerThatTalksButTakesNothingIsGivenUp() {
        usually = Answer.NEVER;
        HealthSettings settings = HealthSettings.defaults();
        Connection connection = connect(settings);
        theyTalkFor(connection, Duration.ofMinutes(10));

        town.pass(settings.progressTimeout());
        assertOpen(connection);
        town.pass(INTERVAL.multipliedBy(2).plus(MOMENT));

        assertGivenUp(connection);
    }

    private void theyTalkFor(Connection connection, Duration time) {
        Connection theirs = town.peerOf(connection);
        for (long second = 1; second < time.toSeconds(); second++) {
            town.sim.after(Duration.ofSeconds(second), () -> {
                if (theirs.state() == ConnectionState.OPEN) {
                    assertEquals(SendResult.ACCEPTED, theirs.send(Message.of(Town.PROTOCOL, 0, new byte[10])));
                }
            });
        }
    }

    @Test
    void aPeerThatCannotBeAskedIsGivenUpIfNothingIsTakenForTooLong() {
        HealthSettings settings = HealthSettings.defaults();
        Connection connection = connect(settings, builder -> builder);
        town.pass(Duration.ofMinutes(30));
        assertOpen(connection);

        town.peerOf(connection).reading(Reading.PAUSED);
        fill(connection);
        town.pass(settings.progressTimeout());
        assertOpen(connection);
        town.pass(INTERVAL.multipliedBy(3));

        assertGivenUp(connection);
    }

    private static void fill(Connection connection) {
        Message bulk = Message.of(Town.PROTOCOL, 0, new byte[64 * 1024]);
        while (connection.send(bulk) == SendResult.ACCEPTED) {}
    }

    @Test
    void aConnectionThatIsPausedIsNotFailedForWhatItCannotHear() {
        Connection connection = connect(strict().build());
        connection.reading(Reading.PAUSED);

        town.pass(Duration.ofMinutes(10));
        assertOpen(connection);
        connection.reading(Reading.RESUMED);
        town.pass(Duration.ofMinutes(10));

        assertOpen(connection);
    }

    @Test
    void aPeerThatDiesDuringAPauseIsGivenUpAfterIt() {
        Connection connection = connect(strict().build());
        connection.reading(Reading.PAUSED);
        town.sim.links().forEach(SimLink::vanish);
        town.pass(Duration.ofMinutes(10));
        assertOpen(connection);

        connection.reading(Reading.RESUMED);
        town.pass(GIVEN_UP.plus(INTERVAL));

        assertGivenUp(connection);
    }

    // Its end.

    @Test
    void onceClosedItAsksNobody() {
        Connection connection = connect(HealthSettings.defaults());
        town.pass(INTERVAL.plus(MOMENT));
        checker.close();
        checker.close();
        usually = Answer.NEVER;

        town.pass(Duration.ofMinutes(10));

        assertOpen(connection);
        assertEquals(1, questions.size());
    }

    @Test
    void aNetworkThatShutsDownEndsItThoughItsTransportGoesOn() {
        connect(HealthSettings.defaults());
        town.pass(INTERVAL.plus(MOMENT));

        town.shutDown();
        town.pass(INTERVAL.plus(TIMEOUT));

        assertFalse(town.sim.step(), "nothing is to happen any more");
    }

    @Test
    void itStartsOnce() {
        Connection connection = connect(HealthSettings.defaults());
        Citizen other = town.citizen("other");

        assertThrows(IllegalStateException.class, () -> checker.start(other.network));
        assertOpen(connection);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> HealthSettings.builder().interval(Duration.ZERO).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> HealthSettings.builder().toleratedFailures(-1).build());
    }
}
