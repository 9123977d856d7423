/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.Payloads;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how much a command sends. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LoadOptions {
    @Option(names = "--count", required = true, paramLabel = "N", description = "How many to send.")
    private int count;

    @Option(
            names = "--size",
            required = true,
            paramLabel = "BYTES",
            description = "The payload of each; its first four bytes are its number, big-endian, from 0.")
    private int size;

    /**
     * Looks at both.
     *
     * @throws ParameterException if one is out of its bounds
     */
    void check(DialCommand<?, ?> command) {
        command.requireWithin("count", count, 0, Integer.MAX_VALUE);
        command.requireWithin("size", size, 0, Limits.defaults().maxPayloadSize());
    }

    int count() {
        return count;
    }

    /** One of them, by its number. */
    Message message(ProtocolId protocol, int priority, int number) {
        return Message.of(protocol, priority, Payloads.of(number, size));
    }
}
