/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that completes on an event loop, and so refuses to be waited for on one; what is made of it refuses, too.
 * Callers that ask for a stage get a {@link #copy} of the engine's own, which they may complete.
 */
public class OffLoopFuture<T> extends CompletableFuture<T> {
    private static final String INSTEAD =
            "thenAccept() or another of the stage's methods, or the wait in a task of an executor";

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new OffLoopFuture<>();
    }

    @Override
    public T join() {
        refuseToWait("join()");
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseToWait("get()");
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseToWait("get()");
        return super.get(timeout, unit);
    }

    private void refuseToWait(String call) {
        if (!isDone()) {
            KnownLoops.refuseToWait(call, INSTEAD);
        }
    }
}
