/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.bench.node.Endpoint;
import io.softclose.bench.testnet.consensus.ValidatorSettings;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.bench.testnet.host.PeerAddress;
import io.softclose.net.PeerId;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** The options of one validator whose others are elsewhere: which it is, who they are, and where. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class OneValidatorOptions {
    private static final int FEWEST = 2;
    private static final String INDEX = "--index";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private PasswordOptions passwords;

    @Option(
            names = INDEX,
            paramLabel = "I",
            description =
                    "Runs one validator alone, in this process: the one at this place of --peers, from 0. The others are"
                            + " started elsewhere, with the same --peers.")
    private @Nullable Integer index;

    @Option(
            names = "--peers",
            paramLabel = "PEERID@HOST:PORT",
            split = ",",
            converter = PeerAddressConverter.class,
            description =
                    "With --index: all validators, itself among them, in an order that is the same for all. They are"
                            + " trusted, and nobody else.")
    private List<PeerAddress> peers = List.of();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            converter = Endpoint.Converter.class,
            description = "With --index: where to listen, HOST:PORT or [IPV6]:PORT; where --peers has it, by default.")
    private @Nullable Endpoint listen;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description =
                    "With --index: who it is, the key in this PKCS#12 key store; the command identity makes one, and"
                            + " prints its peer id.")
    private @Nullable Path keyStore;

    @Option(
            names = "--store",
            paramLabel = "FILE",
            description =
                    "With --index: keeps in this file what it must not forget when it ends, so that it can be started again"
                            + " while the others go on. It has no blocks: when all have ended, all begin with new files.")
    private @Nullable Path store;

    /**
     * What is known of it.
     *
     * @param validators who they all are
     * @param store what it remembers of its life before
     * @param listen where this one accepts connections
     * @param others where the others are, by their indices
     */
    public record OneValidator(
            int index,
            TlsIdentity identity,
            List<PeerId> validators,
            ValidatorStore store,
            InetSocketAddress listen,
            Map<Integer, InetSocketAddress> others) {}

    /** Whether one validator is asked for. */
    public boolean asked() {
        return index != null;
    }

    /**
     * Checks that nothing is meant for one validator where all are run.
     *
     * @throws ParameterException if something is
     */
    public void requireNone() {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("peers", !peers.isEmpty());
        given.put("listen", listen != null);
        given.put("tls-keystore", keyStore != null);
        given.put("tls-password-file", passwords.given());
        given.put("store", store != null);
        given.forEach((option, isThere) -> {
            if (isThere) {
                throw refusal(option + ": without --index (expected: --index I, to run one validator alone)");
            }
        });
    }

    /**
     * Reads and checks all of it.
     *
     * @throws ParameterException if something is missing or wrong
     */
    public OneValidator read() {
        int self = requireIndex();
        requireDifferent();
        TlsIdentity identity = identity();
        PeerId expected = peers.get(self).id();
        if (!identity.peerId().equals(expected)) {
            throw refusal("tls-keystore: \"" + keyStore + "\" is of " + identity.peerId() + " (expected: of validator "
                    + self + " of --peers, " + expected + ")");
        }
        Map<Integer, InetSocketAddress> others = new HashMap<>();
        for (int other = 0; other < peers.size(); other++) {
            if (other != self) {
                others.put(other, resolve("peers", peers.get(other).endpoint()));
            }
        }
        return new OneValidator(
                self, identity, peers.stream().map(PeerAddress::id).toList(), store(), listenAt(self), others);
    }

    private int requireIndex() {
        if (peers.size() < FEWEST || peers.size() > ValidatorSettings.MAX_VALIDATORS) {
            throw refusal("peers: " + peers.size() + " (expected: with --index all validators, " + FEWEST + " to "
                    + ValidatorSettings.MAX_VALIDATORS + ", each as PEERID@HOST:PORT)");
        }
        if (index == null || index < 0 || index >= peers.size()) {
            throw refusal("index: " + index + " (expected: 0 to " + (peers.size() - 1) + ", a place in --peers)");
        }
        return index;
    }

    private void requireDifferent() {
        Set<Object> seen = new HashSet<>();
        for (PeerAddress peer : peers) {
            if (!seen.add(peer.id())) {
                throw refusal("peers: " + peer.id() + " twice (expected: each validator once)");
            }
            if (!seen.add(peer.endpoint())) {
                throw refusal("peers: " + peer.endpoint() + " twice (expected: an address of its own for each)");
            }
        }
    }

    private TlsIdentity identity() {
        Path file = keyStore;
        if (file == null) {
            throw refusal("tls-keystore: none (expected: --tls-keystore FILE, with the key of this validator)");
        }
        Password password;
        try {
            password = passwords.password();
        } catch (IOException unreadable) {
            throw refusal("tls-password-file: " + unreadable.getMessage());
        }
        try {
            return IdentityFile.read(file, password);
        } catch (IOException unusable) {
            throw refusal("tls-keystore: " + unusable.getMessage());
        }
    }

    private ValidatorStore store() {
        Path file = store;
        if (file == null) {
            return new ValidatorStore();
        }
        try {
            return ValidatorStore.in(file);
        } catch (IOException unusable) {
            throw refusal("store: " + unusable.getMessage());
        }
    }

    private InetSocketAddress listenAt(int self) {
        Endpoint at = listen == null ? peers.get(self).endpoint() : listen;
        if (!(at instanceof Endpoint.Tcp tcp)) {
            throw refusal("listen: \"" + at + "\" (expected: HOST:PORT or [IPV6]:PORT)");
        }
        return resolve(listen == null ? "peers" : "listen", tcp);
    }

    private InetSocketAddress resolve(String option, Endpoint.Tcp endpoint) {
        try {
            return new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port());
        } catch (UnknownHostException unknown) {
            throw refusal(option + ": \"" + endpoint
                    + "\": nobody knows this host (expected: an address or a name that can be"
                    + " looked up from here)");
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Reads a peer with its address. */
    static final class PeerAddressConverter implements ITypeConverter<PeerAddress> {
        @Override
        public PeerAddress convert(String text) {
            try {
                return PeerAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
