/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.breaks;

/** How the two nodes know each other. */
public enum Security {
    MUTUAL_TLS,
    /** By what they say: each sends on the connections that it dialled. */
    PLAINTEXT
}
