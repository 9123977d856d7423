/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures as one line for people. */
public final class Failures {
    private Failures() {}

    /** What failed, without the wrappers that asynchronous calls add, with its causes in turn. */
    public static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable next = unwrap(failure); next != null; next = next.getCause()) {
            String part = next.getMessage() == null ? next.getClass().getSimpleName() : next.getMessage();
            if (text.indexOf(part) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(part);
            }
        }
        return text.toString();
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof ExecutionException || failure instanceof CompletionException;
        return wrapper && cause != null ? unwrap(cause) : failure;
    }
}
