/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.bench.ExitCode;
import io.softclose.bench.cli.option.PasswordOptions;
import io.softclose.bench.identity.PeerFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints who a certificate belongs to. */
@Command(
        name = "peer-id",
        description =
                "Prints the peer id of the certificate in a PKCS#12 key store or PEM file, one a line if there are"
                        + " several: the SHA-256 digest of its public key, for --trust and --expect.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PeerIdCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PasswordOptions passwords;

    @Parameters(paramLabel = "FILE", description = "A PKCS#12 key store, or certificates in PEM.")
    private Path file;

    @Override
    public Integer call() {
        try {
            PrintWriter out = spec.commandLine().getOut();
            PeerFile.read(file, passwords.password()).forEach(out::println);
            out.flush();
            return ExitCode.OK.code();
        } catch (IOException unusable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
