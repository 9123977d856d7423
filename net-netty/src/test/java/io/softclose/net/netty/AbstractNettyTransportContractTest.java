/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.testkit.transport.TransportContract;

/** The contract over TCP with one kind of I/O. */
abstract class AbstractNettyTransportContractTest extends TestedNettyTransport implements TransportContract {
    AbstractNettyTransportContractTest(IoKind io) {
        super(io);
    }
}
