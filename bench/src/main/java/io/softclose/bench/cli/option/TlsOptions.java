/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.bench.identity.PeerFile;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.PeerId;
import io.softclose.net.Providers;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import io.softclose.net.tls.TrustedPeers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options that say who a node is and whom it trusts. Without a key it speaks plaintext, and its peers are unverified. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TlsOptions {
    @Mixin
    private PasswordOptions passwords;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "Speaks mutual TLS, and is who the key in this PKCS#12 key store proves; the command identity"
                    + " makes one. Without it there is only plaintext, and peers are unverified.")
    private @Nullable Path keyStore;

    @Option(
            names = "--trust",
            paramLabel = "PEERID",
            split = ",",
            converter = PeerIdConverter.class,
            description = "Trusts this peer; may be repeated. The command peer-id prints a peer's id.")
    private List<PeerId> trusted = List.of();

    @Option(
            names = "--tls-truststore",
            paramLabel = "FILE",
            description =
                    "Trusts the peers whose certificates are in this PKCS#12 key store or PEM file, for their keys.")
    private @Nullable Path trustStore;

    /** Whether there is TLS. */
    boolean secures() {
        return keyStore != null;
    }

    /**
     * Gives a network its transport, its identity, and whom it trusts.
     *
     * @param transport the name of the one that carries the bytes
     * @param expected who is dialled, if a peer is named; it is trusted, too
     * @param command whose options these are
     * @throws ParameterException if an option's value cannot be used, or there is nobody to trust
     */
    void secure(NetworkBuilder network, String transport, Optional<PeerId> expected, CommandLine command) {
        if (keyStore == null) {
            requirePlaintext(expected, command);
            network.transport(transport).plaintext();
            return;
        }
        Password password = of(command, "tls-password-file", passwords::password);
        Path own = keyStore;
        TlsIdentity identity = of(command, "tls-keystore", () -> IdentityFile.read(own, password));
        Set<PeerId> peers = new TreeSet<>(trusted);
        expected.ifPresent(peers::add);
        Path others = trustStore;
        if (others != null) {
            peers.addAll(of(command, "tls-truststore", () -> PeerFile.read(others, password)));
        }
        if (peers.isEmpty()) {
            throw new ParameterException(
                    command,
                    "trust: nobody (expected: --trust or --tls-truststore, to say who may be at the other end)");
        }
        TlsSettings settings = TlsSettings.of(identity, TrustedPeers.of(peers));
        network.peerId(identity.peerId()).transport(() -> TlsTransport.over(Providers.transport(transport), settings));
    }

    /** What was meant to keep somebody out must not be ignored. */
    private void requirePlaintext(Optional<PeerId> expected, CommandLine command) {
        if (!trusted.isEmpty() || trustStore != null || passwords.given() || expected.isPresent()) {
            throw new ParameterException(
                    command,
                    "tls-keystore: none (expected: --tls-keystore FILE; in plaintext nobody proves who they are)");
        }
    }

    private static <T> T of(CommandLine command, String option, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException unusable) {
            throw new ParameterException(command, option + ": " + unusable.getMessage(), unusable);
        }
    }

    /** Reads a file. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Reads a peer's id. */
    public static final class PeerIdConverter implements ITypeConverter<PeerId> {
        @Override
        public PeerId convert(String text) {
            try {
                return PeerId.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
