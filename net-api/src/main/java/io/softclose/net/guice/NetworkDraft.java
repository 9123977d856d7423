/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.NetworkBuilder;
import io.softclose.net.spi.Transport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The settings of a network while its plugins are added, in the order of {@link Part}: a layer is there before what it covers. */
final class NetworkDraft {
    private final NetworkBuilder network;
    private UnaryOperator<Transport> layer = UnaryOperator.identity();
    private boolean layered;

    NetworkDraft(NetworkBuilder network) {
        this.network = network;
    }

    NetworkBuilder network() {
        return network;
    }

    /** Covers the transport that is chosen later. The layer closes what it covers. */
    void layer(UnaryOperator<Transport> over) {
        layer = over;
        layered = true;
    }

    /** The network makes its transport, and closes it. */
    void transport(Supplier<? extends Transport> source) {
        network.transport(() -> layer.apply(source.get()));
    }

    /** The transport stays its owner's to close; a layer over it is the network's. */
    void shared(Transport transport) {
        if (layered) {
            network.transport(() -> layer.apply(new LentTransport(transport)));
        } else {
            network.transport(transport);
        }
    }
}
