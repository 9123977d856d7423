/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * One execution of the command line in this JVM.
 *
 * @param exitCode what the process would have exited with
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record Invocation(int exitCode, String out, String err) {
    public static Invocation of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(args);
        return new Invocation(exitCode, out.toString(), err.toString());
    }
}
