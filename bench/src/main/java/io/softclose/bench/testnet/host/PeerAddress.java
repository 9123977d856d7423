/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.host;

import io.softclose.bench.node.Endpoint;
import io.softclose.net.PeerId;

/**
 * Who a validator is, and where it is found.
 *
 * @param id proved by its key
 * @param endpoint where it listens
 */
public record PeerAddress(PeerId id, Endpoint.Tcp endpoint) {
    private static final String EXPECTED = " (expected: PEERID@HOST:PORT)";

    /**
     * Reads {@code PEERID@HOST:PORT}.
     *
     * @throws IllegalArgumentException if it is anything else; the message says what was expected
     */
    public static PeerAddress parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("peer: \"" + text + "\"" + EXPECTED);
        }
        PeerId id = PeerId.parse(text.substring(0, at));
        if (!(Endpoint.parse(text.substring(at + 1)) instanceof Endpoint.Tcp tcp)) {
            throw new IllegalArgumentException("peer: \"" + text + "\"" + EXPECTED);
        }
        if (tcp.port() == 0) {
            throw new IllegalArgumentException("peer: \"" + text
                    + "\": port 0 (expected: the port that it listens on, for the others must find it)");
        }
        return new PeerAddress(id, tcp);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return id + "@" + endpoint;
    }
}
