/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio;

/** A link's life; its {@code leave} and {@code departed} are the only ways into the last two. */
enum LinkState {
    /** Dialling, or accepted and not told yet. To OPEN when connected, to CLOSING by any end before that. */
    OPENING,
    /** The handler knows of it. To CLOSING when closed, aborted or failed. */
    OPEN,
    /** The loop's next selection lets go of the socket. To CLOSED when it has. */
    CLOSING,
    /** The handler was told. */
    CLOSED
}
