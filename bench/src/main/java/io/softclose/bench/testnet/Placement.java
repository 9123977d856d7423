/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

/** Where the validators of a test network run. */
public enum Placement {
    /** All in this process; those that are stalled and killed are so as far as others can see. */
    ONE_PROCESS,
    /** Each in one of its own, which is stopped (SIGSTOP) and killed (SIGKILL). */
    PROCESSES,
    /** The same, each in a network namespace of its own, with wires between them that the kernel shapes (netem). */
    NAMESPACES
}
