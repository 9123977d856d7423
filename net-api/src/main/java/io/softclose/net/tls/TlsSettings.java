/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static java.util.Objects.requireNonNull;

import io.softclose.net.spi.Require;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link TlsTransport} secures its links.
 *
 * @param engines makes their engines
 * @param trust with whom there may be links, whoever dials
 * @param handshakeTimeout how long a handshake may take from when the link below is up, and no longer than the dial's own
 *     time; longer than zero
 * @param executor runs the tasks that engines delegate, such as checking signatures; empty for threads of the transport's
 *     own
 */
public record TlsSettings(TlsEngines engines, PeerTrust trust, Duration handshakeTimeout, Optional<Executor> executor) {
    /** Half of AptosNet's time for everything before a connection is open, which is 10 s. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    /** A version of the protocol. */
    public enum Version {
        /** An end of one direction ends both: what the peer had still to say may be lost. For peers that have no other. */
        TLS_1_2("TLSv1.2"),
        /** The default. */
        TLS_1_3("TLSv1.3");

        private final String protocol;

        Version(String protocol) {
            this.protocol = protocol;
        }

        /** Its name in the JDK's API. */
        String protocol() {
            return protocol;
        }
    }

    /** Whether whoever dials must show a certificate. */
    public enum ClientAuthentication {
        /** The default. */
        REQUIRED,
        /** It is not asked for one: nobody knows who it is, and {@code Link.provenPeer()} is empty. */
        NONE
    }

    /** Settings with all their parts. */
    public TlsSettings {
        requireNonNull(engines, "engines");
        requireNonNull(trust, "trust");
        Require.positive("handshakeTimeout", handshakeTimeout);
        requireNonNull(executor, "executor");
    }

    /** Mutual TLS 1.3 with the JDK's engine: this node is who it is by its key, and so is whoever may come in. */
    public static TlsSettings of(TlsIdentity identity, PeerTrust trust) {
        return builder(trust).identity(identity).build();
    }

    /**
     * Starts with the defaults; an identity, a context or engines must be given.
     *
     * @param trust with whom there may be links
     */
    public static Builder builder(PeerTrust trust) {
        return new Builder(trust);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final PeerTrust trust;
        private final Set<Version> versions = EnumSet.of(Version.TLS_1_3);
        private ClientAuthentication clientAuthentication = ClientAuthentication.REQUIRED;
        private Duration handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT;
        private @Nullable TlsIdentity identity;
        private @Nullable SSLContext context;
        private @Nullable TlsEngines engines;
        private @Nullable Executor executor;

        private Builder(PeerTrust trust) {
            this.trust = requireNonNull(trust, "trust");
        }

        /** Who this node is. Peers' certificates are judged by their keys and dates, within the handshake. */
        public Builder identity(TlsIdentity own) {
            identity = requireNonNull(own, "own");
            return this;
        }

        /**
         * Uses a context of the caller's instead of an identity. What it thinks of certificates counts within the handshake;
         * that the peer is expected or trusted is checked after it.
         */
        public Builder context(SSLContext own) {
            context = requireNonNull(own, "own");
            return this;
        }

        /** Uses engines of the caller's, as they are: versions and authentication are theirs, too. */
        public Builder engines(TlsEngines own) {
            engines = requireNonNull(own, "own");
            return this;
        }

        /** Speaks TLS 1.2 to peers that have no other; see {@link Version#TLS_1_2} for what that costs. */
        public Builder alsoTls12() {
            versions.add(Version.TLS_1_2);
            return this;
        }

        /** Speaks these versions and no other. */
        public Builder versions(Version first, Version... more) {
            versions.clear();
            versions.addAll(EnumSet.of(first, more));
            return this;
        }

        /** Whether whoever dials must show a certificate. */
        public Builder clientAuthentication(ClientAuthentication wanted) {
            clientAuthentication = requireNonNull(wanted, "wanted");
            return this;
        }

        /** How long a handshake may take; {@link #DEFAULT_HANDSHAKE_TIMEOUT} by default. */
        public Builder handshakeTimeout(Duration timeout) {
            handshakeTimeout = Require.positive("timeout", timeout);
            return this;
        }

        /** Runs delegated tasks; must not run them on a link's loop. It stays the caller's. */
        public Builder executor(Executor own) {
            executor = requireNonNull(own, "own");
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalStateException unless exactly one of identity, context and engines was given
         */
        public TlsSettings build() {
            int given = (identity == null ? 0 : 1) + (context == null ? 0 : 1) + (engines == null ? 0 : 1);
            if (given != 1) {
                throw new IllegalStateException(
                        "given: " + given + " (expected: one of identity(...), context(...) and engines(...))");
            }
            return new TlsSettings(chosenEngines(), trust, handshakeTimeout, Optional.ofNullable(executor));
        }

        private TlsEngines chosenEngines() {
            if (engines != null) {
                return engines;
            }
            SSLContext used = identity == null ? requireNonNull(context, "context") : contextOf(identity);
            return new ContextEngines(used, EnumSet.copyOf(versions), clientAuthentication);
        }

        private SSLContext contextOf(TlsIdentity own) {
            try {
                SSLContext made = SSLContext.getInstance("TLS");
                made.init(new KeyManager[] {new OwnKey(own)}, new TrustManager[] {new Pinning(trust)}, null);
                return made;
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("TLS is required of every Java platform", broken);
            }
        }
    }
}
