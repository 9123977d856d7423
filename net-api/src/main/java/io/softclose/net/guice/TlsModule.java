/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Provider;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import java.util.function.Consumer;

/**
 * Covers a network's transport with TLS, whoever chose that: every network's, or with {@link #forNetwork} that of one. A
 * network has one such module at most; a module for this very network comes before one for all. As any transport's module, it
 * starts nothing before the network listens or dials.
 *
 * <p>A set of trusted peers that changes closes connections of those who are removed only if it {@linkplain
 * io.softclose.net.tls.TrustedPeers#closingRemoved observes} the network.
 */
@SuppressWarnings("exports") // Guice is optional
public final class TlsModule extends PluginModule {
    private static final String NAME = "tls";

    private final Source source;

    /** Networks have this identity, which is their {@linkplain NetworkBuilder#peerId peer id}, and let in whom this trusts. */
    public TlsModule(TlsIdentity identity, PeerTrust trust) {
        super(Part.TLS, NAME);
        requireNonNull(identity, "identity");
        TlsSettings settings = TlsSettings.of(identity, requireNonNull(trust, "trust"));
        source = binder -> draft -> {
            draft.network().peerId(identity.peerId());
            cover(draft, settings);
        };
    }

    /** As {@link #TlsModule(TlsIdentity, PeerTrust)}, with an identity and a trust that Guice has, or makes. */
    public TlsModule(Key<TlsIdentity> identity, Key<? extends PeerTrust> trust) {
        super(Part.TLS, NAME);
        requireNonNull(identity, "identity");
        requireNonNull(trust, "trust");
        source = binder -> {
            Provider<TlsIdentity> own = binder.getProvider(identity);
            Provider<? extends PeerTrust> others = binder.getProvider(trust);
            return draft -> {
                TlsIdentity made = own.get();
                draft.network().peerId(made.peerId());
                cover(draft, TlsSettings.of(made, others.get()));
            };
        };
    }

    /**
     * Networks have these settings. They do not say who a network is: its peer id is to be given by {@link
     * NetworkModule.Builder#with}, or its peers know it by another than it knows itself.
     */
    public TlsModule(TlsSettings settings) {
        super(Part.TLS, NAME);
        requireNonNull(settings, "settings");
        source = binder -> draft -> cover(draft, settings);
    }

    private static void cover(NetworkDraft draft, TlsSettings settings) {
        draft.layer(transport -> TlsTransport.over(transport, settings));
    }

    @Override
    Consumer<NetworkDraft> choice(Binder binder) {
        return source.in(binder);
    }

    /** Asks the injector that is being made for what it needs. */
    private interface Source {
        Consumer<NetworkDraft> in(Binder binder);
    }
}
