/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim;

import io.softclose.net.spi.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A host of a {@link SimNetwork}: its kernel and its event loops, behind the ordinary port. Its addresses are {@link
 * InetSocketAddress}es of the simulation, see {@link #address}. Used only by the thread that runs the simulation.
 */
public interface SimTransport extends Transport {
    /** The host's name. */
    String host();

    /** An address of this host. */
    InetSocketAddress address(int port);

    /** Stops every loop of this host for a time, as a collection of garbage or a stopped process does. */
    void pause(Duration time);

    /** The links of this host that are not closed, in the order of their making. */
    List<SimLink> openLinks();

    /**
     * Closes listeners and aborts the links that are left; they learn of it when the simulation goes on. Then the loops
     * refuse tasks.
     */
    @Override
    void close();
}
