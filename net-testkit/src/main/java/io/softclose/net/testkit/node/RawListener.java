/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.testkit.Layer;
import io.softclose.net.testkit.Waiting;
import io.softclose.net.testkit.wire.WirePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A blocking socket on the loopback interface for nodes to dial. */
final class RawListener implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final Layer layer;

    /** A listener whose sockets have this over them. */
    RawListener(Layer layer) throws IOException {
        this.layer = layer;
        server.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** A listener whose accepted sockets have about so many bytes of receive buffer. */
    RawListener(Layer layer, int receiveBufferBytes) throws IOException {
        this.layer = layer;
        server.setReceiveBufferSize(receiveBufferBytes);
        server.setSoTimeout((int) Waiting.SAFETY_NET.toMillis());
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** The next socket, as a peer speaks through it. */
    Socket accept() throws IOException {
        return layer.accepted(server.accept());
    }

    /** A peer on the next socket, which has said nothing yet. */
    WirePeer acceptPeer() throws IOException {
        Socket below = server.accept();
        return new WirePeer(below, layer.accepted(below));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
