/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.RequestHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Answers each request in a task of an executor. One that takes no task throws here, and that request has no answer.
 *
 * @param handler called in the tasks
 * @param executor the user's, who also shuts it down
 */
public record ExecutorAnswers(RequestHandler handler, Executor executor) implements AsyncRequestHandler {
    @Override
    public CompletionStage<Message> onRequest(Connection connection, Message request) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                answer.complete(handler.onRequest(connection, request));
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }
}
