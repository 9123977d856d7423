/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the process's exit code says. Every command's help lists all of them. */
public enum ExitCode {
    OK(0, "Everything went as it should."),
    FELL_SHORT(
            1,
            "compare: an account does not balance, an outcome was untrue, or a clean close lost a message."
                    + " testnet: validators disagreed, an account does not balance, or a run did not come to its end."
                    + " chaos, breaks: something happened that must not."
                    + " raft: logs did not agree, something committed is gone, or an account does not balance."
                    + " connections: not all were closed in time, or an account does not balance or is untrue."
                    + " send: not every message was written, or the close was not clean."
                    + " request: not every request was answered, or the close was not clean."
                    + " node: an account does not balance, or is not known in the end."),
    USAGE(2, "The command line is wrong, or a file that it names cannot be used."),
    NOT_CONNECTED(3, "send, request: the peer was not reached, or it or we refused the handshake."),
    FAILED(
            4,
            "Something else failed, for example listening on an address that is taken, or standard output is broken."),
    INTERRUPTED(
            130,
            "SIGINT: node, send and request have closed and printed their reports first, compare and testnet what they had."),
    TERMINATED(
            143,
            "SIGTERM: node, send and request have closed and printed their reports first, compare and testnet what they had.");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The number that the process exits with. */
    public int code() {
        return code;
    }

    /** All codes and what they mean, for the help. */
    public static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ExitCode exitCode : values()) {
            meanings.put(Integer.toString(exitCode.code), exitCode.meaning);
        }
        return meanings;
    }
}
