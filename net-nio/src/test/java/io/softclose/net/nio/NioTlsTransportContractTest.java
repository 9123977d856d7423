/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import io.softclose.net.testkit.WithTls;

/** TLS 1.3 over {@link NioTransport}: a transport like any other. */
final class NioTlsTransportContractTest extends NioTransportContractTest implements WithTls {}
