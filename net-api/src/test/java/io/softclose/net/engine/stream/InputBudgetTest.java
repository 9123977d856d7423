/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.engine.stream.InputBudget.Share;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may go on when memory for unfinished messages is short. */
class InputBudgetTest {
    private final InputBudget budget = new InputBudget(100);
    private final List<String> goOn = new ArrayList<>();
    private final Share a = budget.share(() -> goOn.add("a"));
    private final Share b = budget.share(() -> goOn.add("b"));
    private final Share c = budget.share(() -> goOn.add("c"));
    private final Share d = budget.share(() -> goOn.add("d"));

    @Test
    void nobodyWaitsWithinTheBudget() {
        assertTrue(a.holds(60));
        assertTrue(b.holds(40));

        assertFalse(budget.pressed());
    }

    @Test
    void theFirstThatWouldWaitIsFavouredAndTheOthersWait() {
        a.holds(60);
        b.holds(40);

        assertTrue(b.holds(50), "favoured");
        assertFalse(a.holds(61));
        assertFalse(c.holds(1));
        assertTrue(b.holds(500), "as much as it needs");
        assertTrue(budget.pressed());
    }

    @Test
    void whoeverShrinksNeverWaits() {
        a.holds(200);
        assertFalse(b.holds(50));

        assertTrue(b.holds(20));
        assertTrue(b.holds(20), "said again");
    }

    @Test
    void theOldestThatWaitsIsFavouredNext() {
        a.holds(150);
        b.holds(50);
        c.holds(100);
        d.holds(60);

        a.holds(0);
        assertEquals(List.of("b"), goOn);
        assertTrue(b.holds(80));
        b.holds(0);

        assertEquals(List.of("b", "c"), goOn);
        assertTrue(c.holds(300));
        assertTrue(budget.pressed());
    }

    @Test
    void allGoOnWhenThereIsRoom() {
        a.holds(150);
        b.holds(20);
        c.holds(30);

        a.holds(0);

        assertEquals(List.of("b", "c"), goOn);
        assertFalse(budget.pressed());
    }

    @Test
    void aFavouredOneThatComesBackIntoTheBudgetMakesRoomForTheNext() {
        a.holds(150);
        b.holds(20);

        a.holds(40);

        assertEquals(List.of("b"), goOn);
        assertTrue(b.holds(70), "favoured now");
        assertFalse(a.holds(41));
    }

    @Test
    void whoeverEndsNoLongerWaits() {
        a.holds(150);
        b.holds(20);
        c.holds(20);

        b.holds(0);
        assertEquals(List.of(), goOn);
        a.holds(0);

        assertEquals(List.of("c"), goOn);
        assertFalse(budget.pressed());
    }

    @Test
    void whoeverWasToldMayHaveToWaitAgain() {
        a.holds(150);
        b.holds(20);
        c.holds(20);
        a.holds(0);

        assertTrue(b.holds(90), "favoured");
        assertFalse(c.holds(30));
        b.holds(0);

        assertEquals(List.of("b", "c", "c"), goOn);
    }

    /** There may be no memory for it. */
    @Test
    void whoeverCannotBeToldIsToldLaterAndHoldsUpNobody() {
        List<String> refusals = new ArrayList<>(List.of("no memory"));
        Share cannot = budget.share(() -> {
            if (!refusals.isEmpty()) {
                throw new OutOfMemoryError(refusals.remove(0));
            }
            goOn.add("cannot");
        });
        a.holds(150);
        cannot.holds(20);
        c.holds(20);

        assertTrue(a.holds(0), "whose report it was");
        assertEquals(List.of("c"), goOn);
        assertTrue(budget.pressed());
        c.holds(0);

        assertEquals(List.of("c", "cannot"), goOn);
        assertFalse(budget.pressed());
    }
}
