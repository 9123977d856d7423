/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers each request in a task of an executor. One that takes no task throws here, and that request has no answer: should
 * the executor have kept the task nevertheless, it does nothing.
 *
 * @param handler called in the tasks
 * @param executor the user's, who also shuts it down
 */
public record ExecutorAnswers(RequestHandler handler, Executor executor) implements AsyncRequestHandler {
    @Override
    public CompletionStage<Message> onRequest(Connection connection, Message request) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        AtomicBoolean taken = new AtomicBoolean();
        try {
            executor.execute(() -> {
                if (!taken.getAndSet(true)) {
                    handle(connection, request, answer);
                }
            });
        } catch (RuntimeException | Error refusal) {
            if (!taken.getAndSet(true)) {
                throw refusal;
            }
            // It runs all the same, as with thread pools that find no memory for a thread.
        }
        return answer;
    }

    private void handle(Connection connection, Message request, CompletableFuture<Message> answer) {
        try {
            answer.complete(handler.onRequest(connection, request));
        } catch (Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }
}
