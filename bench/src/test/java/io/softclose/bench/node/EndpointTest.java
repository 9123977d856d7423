/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final InetAddress V4 = ip(127, 0, 0, 1);
    private static final InetAddress V6 = ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    @Test
    void aHostAndAPortMakeATcpEndpoint() throws Exception {
        assertEquals(new Endpoint.Tcp("127.0.0.1", 9000), Endpoint.parse("127.0.0.1:9000"));
        assertEquals(
                new InetSocketAddress(V4, 9000),
                Endpoint.parse("127.0.0.1:9000").resolve());
    }

    @Test
    void anIpv6AddressStandsInBrackets() throws Exception {
        assertEquals(new Endpoint.Tcp("::1", 9000), Endpoint.parse("[::1]:9000"));
        assertEquals(
                new InetSocketAddress(V6, 9000), Endpoint.parse("[::1]:9000").resolve());
    }

    @Test
    void aPathAfterUnixMakesASocketFile() throws Exception {
        SocketAddress address = Endpoint.parse("unix:/run/node.sock").resolve();
        assertEquals(UnixDomainSocketAddress.of("/run/node.sock"), address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "localhost:65535", "[::1]:9000", "unix:/run/node.sock"})
    void theTextFormIsReadBack(String text) {
        assertEquals(text, Endpoint.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", ":9000", "localhost:", "::1:9000", "[::1]", "[]:1", "a:b:1", "host:-1", "h:x"})
    void anythingElseIsRefusedWithWhatWasExpected(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
        assertEquals("address: \"" + text + "\" (expected: HOST:PORT, [IPV6]:PORT or unix:PATH)", refusal.getMessage());
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Endpoint.parse("localhost:65536"));
        assertEquals("port: 65536 in \"localhost:65536\" (expected: 0 to 65535)", refusal.getMessage());
    }

    @Test
    void anEmptyUnixPathIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Endpoint.parse("unix:"));
    }

    @Test
    void socketAddressesAreWrittenTheSameWay() {
        assertEquals("127.0.0.1:7", Endpoint.format(new InetSocketAddress(V4, 7)));
        assertEquals("[0:0:0:0:0:0:0:1]:7", Endpoint.format(new InetSocketAddress(V6, 7)));
        assertEquals("unix:/run/x", Endpoint.format(UnixDomainSocketAddress.of(Path.of("/run/x"))));
        assertEquals("nowhere:7", Endpoint.format(InetSocketAddress.createUnresolved("nowhere", 7)));
    }

    @Test
    void anUnknownHostIsFoundOutOnlyWhenResolved() {
        Endpoint endpoint = Endpoint.parse("host.invalid:1");
        assertThrows(UnknownHostException.class, endpoint::resolve);
    }

    private static InetAddress ip(int... parts) {
        byte[] bytes = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = (byte) parts[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
