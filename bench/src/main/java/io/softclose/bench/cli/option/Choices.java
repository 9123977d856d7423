/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks names that users choose against those there are. */
public final class Choices {
    private Choices() {}

    /**
     * The chosen names, or all there are if none was chosen.
     *
     * @param what what is chosen, for the message
     * @throws ParameterException if a name is not among those there are, or there are none
     */
    public static List<String> orAll(
            CommandLine commandLine, String what, List<String> chosen, List<String> available) {
        if (available.isEmpty()) {
            throw new ParameterException(commandLine, what + ": none found on the class path (expected: at least one)");
        }
        chosen.forEach(name -> require(commandLine, what, name, available));
        return chosen.isEmpty() ? available : List.copyOf(chosen);
    }

    /**
     * Checks one name.
     *
     * @param what what is chosen, for the message
     * @throws ParameterException if the name is not among those there are
     */
    public static void require(CommandLine commandLine, String what, String name, List<String> available) {
        if (!available.contains(name)) {
            throw new ParameterException(
                    commandLine, what + ": \"" + name + "\" (expected: one of " + String.join(", ", available) + ")");
        }
    }
}
