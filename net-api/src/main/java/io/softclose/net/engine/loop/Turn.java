/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.loop;

import io.softclose.net.log.Log;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection's work, done in turns: what there is more to do goes on after other tasks of the loop. A turn is asked
 * for once at a time, however often it is wanted: otherwise a busy connection would fill the loop with its turns. Loop
 * only.
 */
public final class Turn implements GuardedLoop.GuardedTask {
    private final GuardedLoop loop;
    private final Runnable work;
    private final Runnable laterTask;
    private boolean comesLater;

    /** Runs this work, guarded by this loop. */
    public Turn(GuardedLoop loop, Runnable work) {
        this.loop = loop;
        this.work = loop.guarded(work);
        laterTask = loop.guarded(this::runLater);
    }

    /** Does the work now. */
    @Override
    public void run() {
        work.run();
    }

    /** Has the work go on after other tasks of the loop. A loop that has stopped has ended its links, and takes no more. */
    public void later() {
        if (comesLater) {
            return;
        }
        try {
            loop.execute(laterTask);
            comesLater = true;
        } catch (RejectedExecutionException stopped) {
            Log.log(Level.DEBUG, "work is left to the end of its link: {0}", stopped);
        }
    }

    /** Whether the work goes on without another event. */
    public boolean comesLater() {
        return comesLater;
    }

    private void runLater() {
        comesLater = false;
        work.run();
    }
}
