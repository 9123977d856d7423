/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.requests;

import io.softclose.net.Connection.Direction;
import io.softclose.net.PeerId;
import io.softclose.net.spi.IdentityExchange;
import io.softclose.net.spi.Link;
import java.util.Optional;

/** As any plaintext, but that thousands of networks do not say so in the log. */
final class QuietPlaintext {
    private QuietPlaintext() {}

    static IdentityExchange.Session begin(Link link, Direction direction, Optional<PeerId> dialled) {
        return IdentityExchange.plaintext().begin(link, direction, dialled);
    }
}
