/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address as people write it: {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code unix:PATH}. */
public sealed interface Endpoint {
    /** A TCP port. The host's name is looked up only when it is needed. */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public SocketAddress resolve() throws UnknownHostException {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        }

        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** A Unix domain socket. */
    record Unix(Path path) implements Endpoint {
        @Override
        public SocketAddress resolve() {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * The address for a transport.
     *
     * @throws UnknownHostException if nobody knows the host
     */
    SocketAddress resolve() throws UnknownHostException;

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is anything else; the message says what was expected
     */
    static Endpoint parse(String text) {
        if (text.startsWith("unix:")) {
            return unix(text);
        }
        Matcher matcher = Syntax.TCP.matcher(text);
        if (!matcher.matches()) {
            throw Syntax.unexpected(text);
        }
        String host = matcher.group("ipv6") == null ? matcher.group("name") : matcher.group("ipv6");
        int port = Integer.parseInt(matcher.group("port"));
        if (port > Syntax.MAX_PORT) {
            throw new IllegalArgumentException(
                    "port: " + port + " in \"" + text + "\" (expected: 0 to " + Syntax.MAX_PORT + ")");
        }
        return new Tcp(host, port);
    }

    private static Endpoint unix(String text) {
        String path = text.substring("unix:".length());
        if (path.isEmpty()) {
            throw Syntax.unexpected(text);
        }
        try {
            return new Unix(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("address: \"" + text + "\": " + e.getMessage(), e);
        }
    }

    /** The text form of any socket's address, as {@link #parse} reads it. */
    static String format(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp) {
            InetAddress ip = tcp.getAddress();
            return new Tcp(ip == null ? tcp.getHostString() : ip.getHostAddress(), tcp.getPort()).toString();
        }
        if (address instanceof UnixDomainSocketAddress unix) {
            return new Unix(unix.getPath()).toString();
        }
        return address.toString();
    }

    /** What an address looks like. */
    final class Syntax {
        public static final int MAX_PORT = 0xFFFF;
        static final Pattern TCP =
                Pattern.compile("(?:\\[(?<ipv6>[^\\[\\]]+)]|(?<name>[^:\\[\\]/]+)):(?<port>\\d{1,5})");

        private Syntax() {}

        static IllegalArgumentException unexpected(String text) {
            return new IllegalArgumentException(
                    "address: \"" + text + "\" (expected: HOST:PORT, [IPV6]:PORT or unix:PATH)");
        }
    }

    /** Reads an option's value. */
    final class Converter implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
