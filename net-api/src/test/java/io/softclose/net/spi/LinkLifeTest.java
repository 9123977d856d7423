/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkLifeTest {
    private final List<String> told = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final LinkLife life = new LinkLife(thrown::add);
    private @Nullable RuntimeException throwing;

    private enum Stage {
        OPENING,
        OPEN,
        CLOSING,
        CLOSED;

        /** What is told in this state, in an order in which it may come; everything else is not. */
        private List<String> tells() {
            return switch (this) {
                case OPENING -> List.of("connected");
                case OPEN -> List.of("read", "writable", "input ENDED");
                case CLOSING -> List.of("closed null");
                case CLOSED -> List.of();
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void tellsInEachStateWhatBelongsThere(Stage stage) {
        reach(stage);

        for (String event : stage.tells()) {
            tell(event);
        }

        assertEquals(stage.tells(), told);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void tellsInNoStateWhatDoesNotBelongThere(Stage stage) {
        for (String event : List.of("read", "writable", "input ENDED", "connected")) {
            if (!stage.tells().contains(event)) {
                LinkLife other = new LinkLife(thrown::add);
                other.handledBy(new Recorder());
                reach(other, stage);

                tell(other, event);

                assertEquals(List.of(), told, event);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void isInOneState(Stage stage) {
        reach(stage);

        assertEquals(stage.name(), life.toString());
        assertEquals(stage == Stage.OPENING, life.isOpening());
        assertEquals(stage == Stage.OPEN, life.isOpen());
        assertEquals(stage == Stage.CLOSED, life.isClosed());
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void isLeftOnce(Stage stage) {
        reach(stage);

        assertEquals(stage == Stage.OPENING || stage == Stage.OPEN, life.leave(null));
        assertFalse(life.leave(null));
    }

    @Test
    void theEndIsToldOnceWithTheFirstCause() {
        life.handledBy(new Recorder());
        life.connected();

        life.leave(new IOException("first"));
        life.leave(new IOException("second"));
        assertEquals(List.of("connected"), told);
        life.closed();
        life.closed();

        assertEquals(List.of("connected", "closed first"), told);
    }

    @Test
    void theEndOfALinkThatNobodyHasLeftIsRefused() {
        assertThrows(IllegalStateException.class, life::closed);
        life.handledBy(new Recorder());
        life.connected();

        assertThrows(IllegalStateException.class, life::closed);
        assertEquals(List.of("connected"), told);
    }

    @Test
    void aHandlerGivenWhileItClosesIsToldTheEndOnly() {
        life.leave(null);
        life.handledBy(new Recorder());
        life.connected();
        life.closed();

        assertEquals(List.of("closed null"), told);
    }

    @Test
    void aHandlerGivenAfterTheEndIsToldAtOnce() {
        life.leave(new IOException("early"));
        life.closed();
        life.handledBy(new Recorder());
        life.closed();

        assertEquals(List.of("closed early"), told);
    }

    @Test
    void aSecondHandlerIsRefused() {
        life.handledBy(new Recorder());

        assertThrows(IllegalStateException.class, () -> life.handledBy(new Recorder()));
    }

    @Test
    void aLinkWithoutAHandlerDoesNotComeUp() {
        assertThrows(NullPointerException.class, life::connected);
        assertTrue(life.isOpening());
    }

    @Test
    void whatTheHandlerThrowsIsForWhoeverMadeTheLink() {
        throwing = new IllegalArgumentException("on purpose");
        life.handledBy(new Recorder());

        life.connected();
        life.read(ByteBuffer.allocate(1));
        life.leave(null);
        life.closed();

        assertEquals(List.of(throwing, throwing, throwing), thrown);
        assertEquals(List.of("connected", "read", "closed null"), told);
    }

    @Test
    void aHandlerThatIsLeftInTheMiddleOfAnEventHasTheEndAfterIt() {
        LinkLife aborting = new LinkLife(thrown::add);
        aborting.handledBy(new Recorder() {
            @Override
            public void onConnected() {
                super.onConnected();
                aborting.leave(null);
                aborting.writable();
            }
        });

        aborting.connected();
        aborting.closed();

        assertEquals(List.of("connected", "closed null"), told);
    }

    private void reach(Stage stage) {
        life.handledBy(new Recorder());
        reach(life, stage);
    }

    private void reach(LinkLife reaching, Stage stage) {
        if (stage != Stage.OPENING) {
            reaching.connected();
        }
        if (stage == Stage.CLOSING || stage == Stage.CLOSED) {
            reaching.leave(null);
        }
        if (stage == Stage.CLOSED) {
            reaching.closed();
        }
        told.clear();
    }

    private void tell(String event) {
        tell(life, event);
    }

    private static void tell(LinkLife telling, String event) {
        switch (event) {
            case "connected" -> telling.connected();
            case "read" -> telling.read(ByteBuffer.allocate(1));
            case "writable" -> telling.writable();
            case "input ENDED" -> telling.inputClosed(InputEnd.ENDED);
            case "closed null" -> telling.closed();
            default -> throw new AssertionError(event);
        }
    }

    private class Recorder implements LinkHandler {
        @Override
        public void onConnected() {
            record("connected");
        }

        @Override
        public void onRead(ByteBuffer data) {
            record("read");
        }

        @Override
        public void onWritable() {
            record("writable");
        }

        @Override
        public void onInputClosed(InputEnd end) {
            record("input " + end);
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            record("closed " + (cause == null ? null : cause.getMessage()));
        }

        private void record(String event) {
            told.add(event);
            if (throwing != null) {
                throw throwing;
            }
        }
    }
}
