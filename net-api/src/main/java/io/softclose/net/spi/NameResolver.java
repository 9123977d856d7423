/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host, for networks that are asked to dial one by name. Thread-safe. */
@FunctionalInterface
public interface NameResolver {
    /**
     * Looks a name up. Called on a thread of the network's own, where it may block; the dial does not wait for it longer
     * than its own time limit.
     *
     * @param host a host's name, or an address as text
     * @return its addresses, in the order in which they are to be dialled
     * @throws UnknownHostException if there is none of that name, or nobody can tell
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The system's, as the JDK asks it: {@link InetAddress#getAllByName}. */
    static NameResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
