/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.NetworkEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several observers of one network: each is told, whatever the others throw. */
class SeveralObserversTest {
    @RegisterExtension
    final Node node = new Node();

    @RegisterExtension
    final LogLines log = new LogLines();

    private final List<String> told = new ArrayList<>();

    @Test
    void observersAreToldInTheirOrder() {
        node.settings().addEvents(new Telling("first")).addEvents(new Telling("second"));

        node.connect().connection.abort();
        node.run();

        assertEquals(List.of("first open", "second open", "first closed", "second closed"), told);
    }

    @Test
    void whatOneThrowsKeepsNoOtherFromBeingToldAndIsToldItself() {
        IllegalStateException one = new IllegalStateException("deliberate");
        IllegalStateException other = new IllegalStateException("deliberate, too");
        node.settings()
                .addEvents(new Throwing(one))
                .addEvents(new Throwing(other))
                .addEvents(new Telling("last"));

        node.connect();

        assertEquals(List.of("last open"), told);
        assertEquals(List.of(one), node.events.takeFailures());
        assertEquals(List.of(other), List.of(one.getSuppressed()));
    }

    @Test
    void theLogHasNothingThatOneOfThemTakesOver() {
        node.settings().addEvents(new Telling("beside")).handle(Messages.PROTOCOL, (connection, message) -> {
            throw new IllegalStateException("deliberate");
        });
        node.connect().peerSendsMessage("a");

        assertEquals(1, node.events.takeFailures().size());
        assertEquals(List.of(), log.at(Level.SEVERE));
    }

    @Test
    void theLogHasOneLineOfWhatNoneTakesOver() {
        node.settings()
                .events(new DefaultEvents(node.events))
                .addEvents(new Telling("beside"))
                .handle(Messages.PROTOCOL, (connection, message) -> {
                    throw new IllegalStateException("deliberate");
                });
        node.connect().peerSendsMessage("a");

        assertEquals(1, log.at(Level.SEVERE).size());
    }

    @Test
    void oneThatOnlyWatchesLeavesTheLogItsLines() {
        node.settings()
                .events(new DefaultEvents(node.events))
                .addEvents(new Watching())
                .handle(Messages.PROTOCOL, (connection, message) -> {
                    throw new IllegalStateException("deliberate");
                });
        node.connect().peerSendsMessage("a");

        assertEquals(List.of("watches"), told);
        assertEquals(1, log.at(Level.SEVERE).size());
    }

    @Test
    void oneThatOnlyWatchesAddsNoLineToWhatAnotherTakesOver() {
        node.settings().addEvents(new Watching()).handle(Messages.PROTOCOL, (connection, message) -> {
            throw new IllegalStateException("deliberate");
        });
        node.connect().peerSendsMessage("a");

        assertEquals(1, node.events.takeFailures().size());
        assertEquals(List.of("watches"), told);
        assertEquals(List.of(), log.at(Level.SEVERE));
    }

    private final class Watching implements NetworkEvents {
        @Override
        public boolean takesLinesOver() {
            return false;
        }

        @Override
        public void callbackFailed(Connection connection, String callback, Throwable failure) {
            told.add("watches");
        }
    }

    private final class Telling implements NetworkEvents {
        private final String name;

        Telling(String name) {
            this.name = name;
        }

        @Override
        public void connected(Connection connection) {
            told.add(name + " open");
        }

        @Override
        public void disconnected(Connection connection, CloseReport report) {
            told.add(name + " closed");
        }
    }

    private record Throwing(RuntimeException failure) implements NetworkEvents {
        @Override
        public void connected(Connection connection) {
            throw failure;
        }
    }
}
