/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option that says how long an end may take. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ShutdownOptions {
    @Option(
            names = "--shutdown-budget",
            paramLabel = "DURATION",
            defaultValue = "8s",
            converter = DurationConverter.class,
            description = "Asked to end (SIGTERM, SIGINT), closes and prints the reports within this time, at once when"
                    + " asked again; ${DEFAULT-VALUE} by default, less than what supervisors wait before they kill.")
    private Duration budget;

    public Duration budget() {
        return budget;
    }
}
