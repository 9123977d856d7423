/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import io.softclose.bench.docs.Pages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line understands every command that a page shows. */
class PagesCommandsTest {
    private static final String JAR = "java -jar bench/target/benchmarks.jar ";

    @Test
    void everyCommandIsUnderstood() {
        List<String> commands = Pages.commands().stream()
                .filter(command -> command.startsWith(JAR))
                .toList();

        assertTrue(commands.size() >= 4, commands.toString());
        for (String command : commands) {
            String[] args = Main.route(ours(command).split(" "));
            assertDoesNotThrow(() -> Main.commandLine().parseArgs(args), command);
        }
    }

    /** Without the jar, and where the shell puts the output. */
    private static String ours(String command) {
        return command.substring(JAR.length()).replaceFirst(" > \\S+$", "");
    }

    @Test
    void helpIsThere() {
        Invocation help = Invocation.of("-h");

        assertEquals(ExitCode.OK.code(), help.exitCode(), help::toString);
    }
}
