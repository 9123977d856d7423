/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

/** A program that the suite runs. */
enum Tool {
    /** Makes namespaces and interfaces. */
    IP("ip"),
    /** Shapes traffic, where the kernel has netem. */
    TC("tc"),
    /** Shows what TCP is waiting for. */
    SS("ss"),
    /** Injects resets. */
    NFT("nft"),
    /** Turns off what cards would do for the kernel, so that packets look as they do on a wire. */
    ETHTOOL("ethtool"),
    /** Runs the relay, where the kernel has no netem. */
    PYTHON("python3");

    private final String command;

    Tool(String command) {
        this.command = command;
    }

    String command() {
        return command;
    }
}
