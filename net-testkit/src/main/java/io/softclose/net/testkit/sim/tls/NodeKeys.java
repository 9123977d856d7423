/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.tls;

import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of simulated nodes, the same in every run. They are RSA keys, whose signatures all have one length, as those of
 * elliptic curves do not: a seed would not give the same bytes on the wire again. Made for a hundred years with {@code
 * keytool -genkeypair -alias node0 -keyalg RSA -keysize 2048 -dname CN=node0 -startdate 2020/01/01 -validity 36500 -keystore
 * nodes.p12 -storepass simulation}, and so on.
 */
final class NodeKeys {
    private static final char[] PASSWORD = "simulation".toCharArray();
    private static final List<TlsIdentity> ALL = load();

    private NodeKeys() {}

    /** One for the node of this number, from 0 on. */
    static TlsIdentity of(int node) {
        return ALL.get(node);
    }

    private static List<TlsIdentity> load() {
        List<TlsIdentity> all = new ArrayList<>();
        try (InputStream bytes = NodeKeys.class.getResourceAsStream("nodes.p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(bytes, PASSWORD);
            for (int node = 0; store.isKeyEntry("node" + node); node++) {
                PrivateKey key = (PrivateKey) store.getKey("node" + node, PASSWORD);
                all.add(TlsIdentity.of(key, (X509Certificate) store.getCertificate("node" + node)));
            }
            return List.copyOf(all);
        } catch (IOException | GeneralSecurityException broken) {
            throw new IllegalStateException("nodes.p12 is part of the test kit", broken);
        }
    }
}
