/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.node;

import io.softclose.net.NetworkException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why a dial failed: exceptions that name what was dialled, and suppress what each address of a name answered. */
final class DialFailures {
    private DialFailures() {}

    /**
     * There is no address.
     *
     * @param failure of the look-up; null if it found nothing
     */
    static IOException notFound(InetSocketAddress name, Duration timeout, @Nullable Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (why instanceof TimeoutException) {
            return late(name, timeout, List.of());
        }
        if (why == null || why instanceof UnknownHostException) {
            String detail = why == null || why.getMessage() == null ? "it has no address" : why.getMessage();
            return because(new UnknownHostException(dial(name) + "unknown host (" + detail + ")"), why);
        }
        return because(new IOException(dial(name) + "the name could not be looked up: " + why), why);
    }

    /** Time is over. */
    static IOException late(InetSocketAddress name, Duration timeout, List<Throwable> failures) {
        return with(new SocketTimeoutException(dial(name) + "no answer within " + timeout + tried(failures)), failures);
    }

    /** Each address has failed. */
    static IOException noneAnswered(InetSocketAddress name, List<Throwable> failures) {
        return with(new ConnectException(dial(name) + "no address answered" + tried(failures)), failures);
    }

    private static String dial(InetSocketAddress name) {
        return "dial " + name.getHostString() + ":" + name.getPort() + ": ";
    }

    private static String tried(List<Throwable> failures) {
        return failures.isEmpty()
                ? ""
                : " ("
                        + String.join(
                                "; ", failures.stream().map(DialFailures::text).toList()) + ")";
    }

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static <E extends IOException> E because(E exception, @Nullable Throwable cause) {
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }

    private static <E extends IOException> E with(E exception, List<Throwable> failures) {
        failures.forEach(exception::addSuppressed);
        return exception;
    }

    /** What a dial throws: errors, and what was wrong with the address, as they are. */
    static RuntimeException refusal(SocketAddress remote, Throwable refused) {
        if (refused instanceof Error error) {
            throw error;
        }
        return refused instanceof NetworkException || refused instanceof IllegalArgumentException
                ? (RuntimeException) refused
                : new NetworkException("dial to " + remote + ": refused by the transport: " + refused, refused);
    }
}
