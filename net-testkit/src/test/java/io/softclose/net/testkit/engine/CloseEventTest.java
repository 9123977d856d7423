/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static io.softclose.net.testkit.engine.Messages.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionState;
import io.softclose.net.DisconnectReason;
import io.softclose.net.NetworkException;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.testkit.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every event in every state of a connection: why it closed then, and how. Whatever the event, the connection is closed
 * by its deadline, and the node's own checks find its account in balance.
 */
class CloseEventTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension
    final Node node = new Node();

    /** Where the connection is when the event comes. */
    enum Stage {
        DIALING(ConnectionState.DIALING),
        HANDSHAKING(ConnectionState.HANDSHAKING),
        OPEN(ConnectionState.OPEN),
        /** One frame is half written, another message queued; the peer takes no more. */
        DRAINING(ConnectionState.DRAINING),
        /** One frame is half written and must be completed; the peer takes no more. */
        FLUSHING(ConnectionState.FINISHING),
        /** Our end (FIN) has been sent. */
        READING_ON(ConnectionState.FINISHING),
        /** Aborted, and the link has not yet said that it is gone. */
        ABORTING(ConnectionState.ABORTING),
        CLOSED(ConnectionState.CLOSED);

        final ConnectionState state;

        Stage(ConnectionState state) {
            this.state = state;
        }
    }

    /** What happens then. */
    enum Event {
        CLOSE,
        ABORT,
        PEER_ENDS,
        LINK_FAILS,
        GARBAGE,
        TIME_PASSES
    }

    @ParameterizedTest
    @CsvSource({
        "DIALING,     CLOSE,       STALE_CONNECTION,          CLEAN",
        "DIALING,     ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "DIALING,     LINK_FAILS,  DIAL_FAILED,               ERROR",
        "DIALING,     TIME_PASSES, DIAL_FAILED,               ERROR",
        "HANDSHAKING, CLOSE,       STALE_CONNECTION,          CLEAN",
        "HANDSHAKING, ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "HANDSHAKING, PEER_ENDS,   HANDSHAKE_FAILED,          ERROR",
        "HANDSHAKING, LINK_FAILS,  HANDSHAKE_FAILED,          ERROR",
        "HANDSHAKING, GARBAGE,     HANDSHAKE_FAILED,          ERROR",
        "HANDSHAKING, TIME_PASSES, HANDSHAKE_FAILED,          ERROR",
        "OPEN,        CLOSE,       STALE_CONNECTION,          DEADLINE",
        "OPEN,        ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "OPEN,        PEER_ENDS,   CONNECTION_CLOSED,         UNCONFIRMED",
        "OPEN,        LINK_FAILS,  INPUT_OUTPUT_ERROR,        ERROR",
        "OPEN,        GARBAGE,     PROTOCOL_ERROR,            UNCONFIRMED",
        "DRAINING,    CLOSE,       REQUESTED_BY_PEER_MANAGER, STALL",
        "DRAINING,    ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "DRAINING,    PEER_ENDS,   REQUESTED_BY_PEER_MANAGER, STALL",
        "DRAINING,    LINK_FAILS,  REQUESTED_BY_PEER_MANAGER, ERROR",
        "DRAINING,    GARBAGE,     REQUESTED_BY_PEER_MANAGER, STALL",
        "DRAINING,    TIME_PASSES, REQUESTED_BY_PEER_MANAGER, STALL",
        "FLUSHING,    CLOSE,       REQUESTED_BY_PEER_MANAGER, STALL",
        "FLUSHING,    ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "FLUSHING,    PEER_ENDS,   REQUESTED_BY_PEER_MANAGER, STALL",
        "FLUSHING,    LINK_FAILS,  REQUESTED_BY_PEER_MANAGER, ERROR",
        "FLUSHING,    GARBAGE,     REQUESTED_BY_PEER_MANAGER, STALL",
        "FLUSHING,    TIME_PASSES, REQUESTED_BY_PEER_MANAGER, STALL",
        "READING_ON,  CLOSE,       REQUESTED_BY_PEER_MANAGER, DEADLINE",
        "READING_ON,  ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "READING_ON,  PEER_ENDS,   REQUESTED_BY_PEER_MANAGER, CLEAN",
        "READING_ON,  LINK_FAILS,  REQUESTED_BY_PEER_MANAGER, ERROR",
        "READING_ON,  GARBAGE,     REQUESTED_BY_PEER_MANAGER, DEADLINE",
        "READING_ON,  TIME_PASSES, REQUESTED_BY_PEER_MANAGER, DEADLINE",
        "ABORTING,    CLOSE,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "ABORTING,    ABORT,       REQUESTED_BY_PEER_MANAGER, ERROR",
        "ABORTING,    PEER_ENDS,   REQUESTED_BY_PEER_MANAGER, ERROR",
        "ABORTING,    LINK_FAILS,  REQUESTED_BY_PEER_MANAGER, ERROR",
        "ABORTING,    GARBAGE,     REQUESTED_BY_PEER_MANAGER, ERROR",
        "ABORTING,    TIME_PASSES, REQUESTED_BY_PEER_MANAGER, ERROR",
        "CLOSED,      CLOSE,       REQUESTED_BY_PEER_MANAGER, CLEAN",
        "CLOSED,      ABORT,       REQUESTED_BY_PEER_MANAGER, CLEAN",
    })
    void theConnectionClosesFor(Stage stage, Event event, DisconnectReason reason, CloseEnding ending) {
        Conversation talk = reach(stage);
        Runnable eventInStage = () -> {
            assertEquals(stage.state, talk.connection.state());
            happen(event, talk);
        };

        if (stage == Stage.ABORTING) {
            // The next task after the abort's, and before the link's answer.
            node.loop.execute(eventInStage);
        } else {
            eventInStage.run();
        }
        node.pass(LONG);

        CloseReport report = talk.report();
        assertEquals(reason, report.reason(), report::toString);
        assertEquals(ending, report.ending(), report::toString);
        assertOpenedTells(stage, talk);
        assertEquals(
                event == Event.GARBAGE && stage.compareTo(Stage.OPEN) >= 0 && stage != Stage.ABORTING ? 1 : 0,
                node.events.takeViolations().size(),
                "violations");
    }

    private Conversation reach(Stage stage) {
        switch (stage) {
            case DIALING -> {
                node.transport.dialsHang();
                return node.dial();
            }
            case HANDSHAKING -> {
                Conversation talk = node.dial();
                node.run();
                return talk;
            }
            case OPEN -> {
                return openAfterOneMessage();
            }
            case DRAINING -> {
                return closingHalfWritten();
            }
            case FLUSHING -> {
                node.policy.decides(snapshot -> CloseDecision.finish());
                return closingHalfWritten();
            }
            case READING_ON -> {
                Conversation talk = openAfterOneMessage();
                talk.connection.close();
                node.run();
                assertTrue(talk.link.peerSawEnd());
                return talk;
            }
            case ABORTING -> {
                Conversation talk = openAfterOneMessage();
                talk.connection.abort();
                return talk;
            }
            case CLOSED -> {
                Conversation talk = reach(Stage.READING_ON);
                talk.peerEnds();
                return talk;
            }
        }
        throw new AssertionError(stage);
    }

    private Conversation openAfterOneMessage() {
        Conversation talk = node.connect();
        talk.sendAll(message("written"));
        node.run();
        return talk;
    }

    private Conversation closingHalfWritten() {
        Conversation talk = node.connect();
        talk.peerTakes(3);
        talk.sendAll(message("half"), message("queued"));
        node.run();
        talk.connection.close();
        node.run();
        return talk;
    }

    private static void happen(Event event, Conversation talk) {
        switch (event) {
            case CLOSE -> talk.connection.close(DisconnectReason.STALE_CONNECTION);
            case ABORT -> talk.connection.abort();
            case PEER_ENDS -> talk.link.inputClosed();
            case LINK_FAILS -> talk.link.fail(new IOException("deliberate"));
            case GARBAGE -> talk.link.read(WireBytes.frameLength(-1));
            case TIME_PASSES -> {}
        }
    }

    private static void assertOpenedTells(Stage stage, Conversation talk) {
        var opened = talk.connection.opened().toCompletableFuture();
        boolean wasOpen = stage.compareTo(Stage.OPEN) >= 0;
        assertTrue(opened.isDone());
        assertEquals(!wasOpen, opened.isCompletedExceptionally());
        if (wasOpen) {
            assertEquals(talk.connection, opened.join());
        } else {
            Throwable why =
                    assertThrows(CompletionException.class, opened::join).getCause();
            assertTrue(why instanceof NetworkException, () -> "why it did not open: " + why);
        }
    }
}
