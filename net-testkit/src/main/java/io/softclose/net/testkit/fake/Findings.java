/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a double found wrong with its caller. Kept until the end of the test, because the caller may catch what is thrown
 * at it. Thread-safe.
 */
final class Findings {
    private final List<AssertionError> found = new CopyOnWriteArrayList<>();

    /** Notes what is wrong, with the stack of who did it. */
    void add(String what) {
        found.add(new AssertionError(what));
    }

    /** Notes a failure, if this check fails. */
    void addFailureOf(Runnable check) {
        try {
            check.run();
        } catch (AssertionError failure) {
            found.add(failure);
        }
    }

    /** Fails with everything that was found, the first finding with its stack as the cause. */
    void verify() {
        if (found.isEmpty()) {
            return;
        }
        String messages = String.join("; ", found.stream().map(String::valueOf).toList());
        AssertionError failure = new AssertionError(found.size() + " finding(s): " + messages, found.get(0));
        found.stream().skip(1).forEach(failure::addSuppressed);
        throw failure;
    }
}
