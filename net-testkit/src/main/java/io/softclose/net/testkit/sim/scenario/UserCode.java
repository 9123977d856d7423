/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.scenario;

import io.softclose.net.testkit.sim.world.SimLoop;
import io.softclose.net.testkit.sim.world.World;
import java.util.SplittableRandom;

/** What a user's code is like that is called on a loop: how long it takes, and how often it throws. */
public final class UserCode {
    private static final int[] MOST_BUSY_MICROS = {50, 500, 10_000};

    private final World sim;
    private final SplittableRandom random;
    private final long mostBusyNanos;
    private final int throwing;
    private final boolean errorsToo;

    public UserCode(World sim, SplittableRandom random, Scenario scenario) {
        this.sim = sim;
        this.random = random;
        mostBusyNanos =
                scenario.has(Hardship.BUSY) ? 1_000L * MOST_BUSY_MICROS[random.nextInt(MOST_BUSY_MICROS.length)] : 0;
        errorsToo = scenario.has(Hardship.THROWING);
        throwing = errorsToo ? 20 : random.nextInt(4) == 0 ? 10 : 0;
    }

    /** Takes its time, on the loop that it is called on. */
    public void takesTime() {
        SimLoop loop = sim.running();
        if (mostBusyNanos > 0 && loop != null) {
            loop.busyFor(random.nextLong(mostBusyNanos));
        }
    }

    /** Fails, now and then. */
    public void mayThrow() {
        if (throwing > 0 && random.nextInt(100) < throwing) {
            fail();
        }
    }

    /** Fails as a close policy does, which is asked often. */
    void policyMayThrow() {
        if (errorsToo && random.nextInt(100) == 0) {
            fail();
        }
    }

    /** Whether this user's close policy fails whenever it is asked for a plan. */
    boolean policyHasNoPlan() {
        return errorsToo && random.nextInt(10) == 0;
    }

    /** Fails. */
    public void fail() {
        if (errorsToo && random.nextBoolean()) {
            throw new DeliberateError();
        }
        throw new Deliberate();
    }

    public static boolean isDeliberate(Throwable thrown) {
        return thrown instanceof Deliberate || thrown instanceof DeliberateError;
    }

    /** What the application throws to see what that does. */
    private static final class Deliberate extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Deliberate() {
            super("thrown on purpose", null, false, false);
        }
    }

    /** What it throws when it is worse. */
    private static final class DeliberateError extends Error {
        private static final long serialVersionUID = 1L;

        DeliberateError() {
            super("thrown on purpose", null, false, false);
        }
    }
}
