/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

/**
 * Has a contract tested with TLS 1.3 over the transport. For a transport whose contract is tested by {@code
 * MyTransportTest}, this is all there is to write; the same goes for whole nodes:
 *
 * <pre>{@code
 * class MyTransportWithTlsTest extends MyTransportTest implements WithTls {}
 * }</pre>
 */
public interface WithTls extends Layered {
    @Override
    default Layer layer() {
        return Layer.tls();
    }
}
