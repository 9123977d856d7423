/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.base;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Translates between the JDK's addresses, which users know, and Netty's own for Unix domain sockets. */
public final class Addresses {
    private Addresses() {}

    public static boolean isUnix(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress;
    }

    public static SocketAddress toNetty(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix ? Unix.toNetty(unix) : address;
    }

    /** An address as the JDK has it; what is not known becomes the fallback. */
    public static SocketAddress fromNetty(@Nullable SocketAddress address, SocketAddress fallback) {
        if (address == null) {
            return fallback;
        }
        return address instanceof InetSocketAddress ? address : Unix.fromNetty(address);
    }

    /** Apart, for Netty's class of it may be missing where there are no such sockets. */
    private static final class Unix {
        static SocketAddress toNetty(UnixDomainSocketAddress address) {
            return new DomainSocketAddress(address.getPath().toString());
        }

        static SocketAddress fromNetty(SocketAddress address) {
            return address instanceof DomainSocketAddress unix ? UnixDomainSocketAddress.of(unix.path()) : address;
        }
    }
}
