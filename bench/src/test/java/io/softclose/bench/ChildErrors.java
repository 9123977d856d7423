/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What child processes complain of, where the test's own complaints go: into its file, not among the build's lines. */
public final class ChildErrors {
    private ChildErrors() {}

    /** Passes on what a process prints on its standard error, a pipe, until it ends. */
    public static void follow(Process child) {
        Thread thread = new Thread(() -> passOn(child), "errors of process " + child.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private static void passOn(Process child) {
        try (BufferedReader errors = child.errorReader()) {
            errors.lines().forEach(System.err::println);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
