/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.Message;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.testkit.wire.WireFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What became of requests, in words. */
final class Replies {
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** What the reply of each request said, in the order in which they did. */
    final List<String> completions = new ArrayList<>();

    /** Makes a request, without running the loop. */
    Reply ask(Conversation talk, String label) {
        return ask(talk, Messages.message(label));
    }

    Reply ask(Conversation talk, Message request) {
        Reply reply = talk.connection.request(request, TIMEOUT);
        String label = Messages.labelOf(request);
        var unused = reply.whenComplete((answer, failure) -> completions.add(label + ": " + describe(answer, failure)));
        return reply;
    }

    /** {@code "pending"}, or how a reply completed. */
    static String of(Reply reply) {
        List<String> said = new ArrayList<>();
        var unused = reply.whenComplete((answer, failure) -> said.add(describe(answer, failure)));
        return said.isEmpty() ? "pending" : said.get(0);
    }

    private static String describe(@Nullable Message answer, @Nullable Throwable failure) {
        if (answer != null) {
            return "answer " + Messages.labelOf(answer);
        }
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof CancellationException) {
            return "cancelled";
        }
        RequestException told = (RequestException) requireNonNull(cause, "cause");
        return told.failure()
                + told.refusal().map(reason -> " " + reason).orElse("")
                + (told.mayHaveBeenProcessed() ? ", perhaps processed" : "");
    }

    /** The only frame that a peer has received since it last looked, a request. */
    static WireFrame.RpcRequest onlyRequest(Conversation talk) {
        List<WireFrame> frames = talk.receivedFrames();
        assertEquals(1, frames.size(), () -> "frames: " + frames);
        return (WireFrame.RpcRequest) frames.get(0);
    }

    /** The requests that a peer has received since it last looked, and nothing else. */
    static List<WireFrame.RpcRequest> requests(Conversation talk) {
        return talk.receivedFrames().stream()
                .peek(frame -> assertTrue(frame instanceof WireFrame.RpcRequest, frame::toString))
                .map(WireFrame.RpcRequest.class::cast)
                .toList();
    }
}
