/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine;

import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.PeerId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.spi.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The local node. */
public final class LocalNetwork implements Network {
    private final NetworkSettings settings;

    public LocalNetwork(NetworkSettings settings) {
        this.settings = settings;
    }

    @Override
    public PeerId peerId() {
        return settings.peerId();
    }

    @Override
    public Transport.Listener listen(SocketAddress local) {
        throw new IllegalStateException();
    }

    @Override
    public Connection dial(PeerId peer, SocketAddress remote) {
        throw new IllegalStateException();
    }

    @Override
    public Connection dial(SocketAddress remote) {
        throw new IllegalStateException();
    }

    @Override
    public List<Connection> connections() {
        return List.of();
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown() {
        throw new IllegalStateException();
    }

    @Override
    public CompletionStage<ShutdownReport> shutdown(Duration budget) {
        throw new IllegalStateException();
    }
}
