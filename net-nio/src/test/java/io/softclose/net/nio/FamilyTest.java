/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.nio.base.NioSettings;
import io.softclose.net.nio.socket.Family;
import io.softclose.net.spi.TcpKeepAlive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

final class FamilyTest {
    private static final int BUFFER_BYTES = 20_000;

    private final NioSettings settings = NioTransport.builder()
            .sendBufferBytes(BUFFER_BYTES)
            .receiveBufferBytes(BUFFER_BYTES + 1000)
            .settings();

    @Test
    void socketsHaveTheOptionsThatWereSet() throws IOException {
        for (Family family : Family.values()) {
            try (SocketChannel channel = family.open()) {
                family.configure(channel, settings);

                assertFalse(channel.isBlocking());
                // Linux grants twice what was asked for, to have room for its own; none grants the default.
                assertGranted(BUFFER_BYTES, channel.getOption(StandardSocketOptions.SO_SNDBUF));
                assertGranted(BUFFER_BYTES + 1000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
            }
        }
    }

    private static void assertGranted(int asked, int granted) {
        assertTrue(granted == asked || granted == 2 * asked, granted + " for " + asked);
    }

    @Test
    void acceptedSocketsInheritTheReceiveBuffer() throws IOException {
        try (ServerSocketChannel server = Family.TCP.openServer()) {
            Family.TCP.configure(server, settings);

            assertGranted(BUFFER_BYTES + 1000, server.getOption(StandardSocketOptions.SO_RCVBUF));
        }
    }

    @Test
    void smallWritesLeaveAtOnceUnlessToldOtherwise() throws IOException {
        for (boolean noDelay : new boolean[] {true, false}) {
            try (SocketChannel channel = Family.TCP.open()) {
                Family.TCP.configure(
                        channel, NioTransport.builder().tcpNoDelay(noDelay).settings());

                assertEquals(noDelay, channel.getOption(StandardSocketOptions.TCP_NODELAY));
            }
        }
    }

    @Test
    void silentPeersAreAskedIfToldTo() throws IOException {
        assertKeepAlive(false, NioTransport.builder().settings());
        assertKeepAlive(true, NioTransport.builder().keepAlive(true).settings());
        // Unix domain sockets do not know it.
        try (SocketChannel channel = Family.UNIX.open()) {
            Family.UNIX.configure(
                    channel, NioTransport.builder().keepAlive(true).settings());
        }
    }

    @Test
    void silentPeersAreAskedWhenItIsSaid() throws IOException {
        TcpKeepAlive times = new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(7), 3);
        try (SocketChannel channel = Family.TCP.open()) {
            Family.TCP.configure(
                    channel, NioTransport.builder().keepAlive(times).settings());

            assertEquals(true, channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(60, channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
            assertEquals(7, channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL));
            assertEquals(3, channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT));
        }
    }

    private static void assertKeepAlive(boolean expected, NioSettings settings) throws IOException {
        try (SocketChannel channel = Family.TCP.open()) {
            Family.TCP.configure(channel, settings);

            assertEquals(expected, channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        }
    }

    @Test
    void theFamilyIsThatOfTheAddress() {
        assertEquals(Family.TCP, Family.of(new InetSocketAddress(0)));
        assertEquals(Family.UNIX, Family.of(UnixDomainSocketAddress.of("socket")));
    }

    @Test
    void otherAddressesAreRefusedWithThoseThatAreTaken() {
        SocketAddress other = new SocketAddress() {
            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                return "carrier pigeon 7";
            }
        };

        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Family.of(other))
                .getMessage());

        assertTrue(message.startsWith("address: carrier pigeon 7 of "), message);
        assertTrue(message.endsWith("(expected: InetSocketAddress or UnixDomainSocketAddress)"), message);
    }
}
