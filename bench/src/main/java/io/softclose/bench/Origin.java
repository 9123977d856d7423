/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where results come from: every result file has it.
 *
 * @param command what was run, as it would be typed
 * @param at when it was
 */
public record Origin(String command, Instant at) {
    private static final String JAR = "java -jar benchmarks.jar";
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    /** This process, and now; these are the arguments of its command line. */
    public static Origin of(List<String> arguments) {
        String typed =
                arguments.stream().map(argument -> " " + quoted(argument)).collect(Collectors.joining());
        return new Origin(JAR + typed, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Writes the command, the time, and what of JDK and machine matters. */
    public void write(JsonGenerator json) throws IOException {
        json.writeStringField("command", command);
        json.writeStringField("at", at.toString());
        json.writeStringField("java", Runtime.version().toString());
        json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        json.writeStringField("arch", System.getProperty("os.arch"));
        json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
    }

    /** As a shell wants it. */
    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
