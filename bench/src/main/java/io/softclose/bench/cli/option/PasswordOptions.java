/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.identity.Password;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where the password of key stores is. There is none that has it: command lines can be seen. */
public final class PasswordOptions {
    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "The first line of this file is the password of the key stores; by default the variable "
                    + Password.VARIABLE + " of the environment has it, and without that it is empty.")
    private @Nullable Path file;

    public boolean given() {
        return file != null;
    }

    /**
     * The password.
     *
     * @throws IOException if its file cannot be read
     */
    public Password password() throws IOException {
        return Password.of(Optional.ofNullable(file), System.getenv());
    }
}
