/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The names of network namespaces of ours, which say whose they are: {@code softclose-PID-N-LABEL}, with the process's number. So a later process
 * finds those whose makers were killed, and leaves those of others alone.
 */
final class Namespaces {
    private static final String PREFIX = "softclose-";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Namespaces() {}

    /** What the names of one more group of this process's begin with; a hyphen and a label of letters and digits follow. */
    static String group() {
        return PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    }

    /** Ends what still runs in a namespace, and deletes it; nothing if there is none of this name. */
    static void delete(String namespace) {
        Shell.Result processes = Shell.attempt("ip", "netns", "pids", namespace);
        if (processes.succeeded()) {
            processes.output().lines().forEach(pid -> Shell.attempt("kill", "-KILL", pid));
            Shell.attempt("ip", "netns", "delete", namespace);
        }
    }

    /** Deletes what processes left behind that were killed. */
    static void deleteStale() {
        Shell.run("ip", "netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .filter(Namespaces::isStale)
                .forEach(Namespaces::delete);
    }

    /** Whether a name is one of ours, and of a process that is no more. */
    static boolean isStale(String namespace) {
        if (!namespace.matches(PREFIX + "\\d+-\\d+-\\w+")) {
            return false;
        }
        String owner = namespace.substring(PREFIX.length()).replaceFirst("-.*", "");
        return ProcessHandle.of(Long.parseLong(owner)).isEmpty();
    }
}
