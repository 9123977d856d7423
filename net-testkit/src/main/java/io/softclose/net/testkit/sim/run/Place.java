/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.run;

import io.softclose.net.PeerId;
import io.softclose.net.spi.Transport;
import io.softclose.net.testkit.sim.world.Host;
import java.util.Optional;

/**
 * Where a node is.
 *
 * @param host with its loops and its kernel
 * @param transport of that host: itself, or a layer over it
 * @param proven who the node proves to be, if its transport proves that
 */
record Place(Host host, Transport transport, Optional<PeerId> proven) {}
