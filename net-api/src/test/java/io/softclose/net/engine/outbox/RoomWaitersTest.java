/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.outbox.RoomWaiters.Waiter;
import io.softclose.net.spi.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoomWaitersTest {
    private static final Lane LANE = new Lane("lane", 5, 1_000, 1_000);
    private static final Message MESSAGE = Message.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS, 0, new byte[1]);

    private final RoomWaiters waiters = new RoomWaiters();

    @Test
    void aWaiterIsTakenOutOnce() {
        Waiter waiter = add();

        assertTrue(waiters.remove(waiter));

        assertFalse(waiters.remove(waiter));
        assertNull(waiters.first());
    }

    @Test
    void oneThatWasNeverInIsNotTakenOut() {
        add();

        assertFalse(waiters.remove(waiter()));
    }

    @Test
    void whoeverComesLaterHasAHigherNumber() {
        Waiter first = add();
        long latest = waiters.latest();
        Waiter second = add();

        assertEquals(latest, first.number());
        assertTrue(second.number() > latest);
    }

    /** Whoever gives up, wherever in the list, the others keep their order. */
    @Test
    void theOldestIsFirstWhoeverGivesUp() {
        Random random = new Random(7);
        List<Waiter> model = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            if (model.size() < random.nextInt(8)) {
                model.add(add());
            } else if (!model.isEmpty()) {
                assertTrue(waiters.remove(model.remove(random.nextInt(model.size()))));
            }
            assertEquals(model.isEmpty() ? null : model.get(0), waiters.first(), "step " + step);
        }
        drain(model);
    }

    private void drain(List<Waiter> model) {
        List<Waiter> drained = new ArrayList<>();
        for (Waiter next = waiters.first(); next != null; next = waiters.first()) {
            drained.add(next);
            waiters.remove(next);
        }
        assertEquals(model, drained, () -> Arrays.toString(model.toArray()));
    }

    private Waiter add() {
        Waiter waiter = waiter();
        waiters.add(waiter);
        return waiter;
    }

    private static Waiter waiter() {
        return new Waiter(LANE, MESSAGE, () -> {});
    }
}
