/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.PasswordOptions;
import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a key store with a fresh key. */
@Command(
        name = "identity",
        description = {
            "Makes a PKCS#12 key store with a fresh key on the P-256 curve and a certificate of its own, good for ten"
                    + " years, for --tls-keystore, and prints its peer id.",
            "It never overwrites a file. Only its owner may read the new one, where the file system knows owners."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class IdentityCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PasswordOptions passwords;

    @Parameters(paramLabel = "FILE", description = "The key store, which must not be there yet.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        try {
            String peer = IdentityFile.create(file, password()).peerId().toString();
            PrintWriter out = spec.commandLine().getOut();
            out.println(peer);
            out.flush();
            return ExitCode.OK.code();
        } catch (FileAlreadyExistsException taken) {
            throw refusal("\"" + file + "\": is there already (expected: a new file; its key would be lost)", taken);
        } catch (NoSuchFileException noDirectory) {
            throw refusal("\"" + file + "\": has no directory (expected: a file in one that is there)", noDirectory);
        }
    }

    private Password password() {
        try {
            return passwords.password();
        } catch (IOException unreadable) {
            throw refusal("tls-password-file: " + unreadable.getMessage(), unreadable);
        }
    }

    private ParameterException refusal(String message, Throwable cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }
}
